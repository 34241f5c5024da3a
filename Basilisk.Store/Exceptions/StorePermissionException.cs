namespace Basilisk.Store;

/// <summary>The user may connect but not do this.</summary>
public sealed class StorePermissionException(string target, string user, string reason, Exception? inner = null)
    : StoreException($"User '{user}' at {target} lacks a right ({reason}). Grant CREATE on the database, or let its owner create the schema.", inner)
{
    public string User { get; } = user;
}
