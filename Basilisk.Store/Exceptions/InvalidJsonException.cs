namespace Basilisk.Store;

/// <summary>A value that is not JSON, or JSON that cannot be stored.</summary>
public sealed class InvalidJsonException(string reason, Exception? inner = null)
    : StoreException($"The JSON cannot be stored: {reason}. Nothing was written; correct the value and write again.", inner);
