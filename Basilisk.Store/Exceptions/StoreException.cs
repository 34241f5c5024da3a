namespace Basilisk.Store;

/// <summary>Base of everything that can go wrong in a store. One derived type per cause; each message names the next step.</summary>
public abstract class StoreException(string message, Exception? inner = null) : Exception(message, inner);
