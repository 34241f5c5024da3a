namespace Basilisk.Store;

/// <summary>
/// A setting cannot be used. The value is not repeated and no inner exception is kept, because a connection string carries a
/// password and a parser may quote a piece of it.
/// </summary>
public sealed class StoreConfigurationException(string setting, string reason)
    : StoreException($"Setting '{setting}' cannot be used: {reason}.")
{
    public string Setting { get; } = setting;
}
