namespace Basilisk.Node.Failures;

/// <summary>
/// Something about the machine, the data directory or the command line keeps the node from going on. The message says what
/// was found and what to do next; it is shown to the user without a stack trace. One derived type per cause.
/// </summary>
public abstract class NodeException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable token for scripts (with <c>--json</c>).</summary>
    public abstract string Token { get; }
}

/// <summary>Another process listens where the node or portal should.</summary>
public sealed class PortInUseException(string address, Exception inner, string option = "--http (node) or --portal (portal)")
    : NodeException($"{address} is in use by another process. Stop that one, or choose another address with {option}.", inner)
{
    public override string Token => "port-in-use";
}

/// <summary>Another node works on the same data directory.</summary>
public sealed class DataDirectoryBusyException(string path, string owner)
    : NodeException($"The data directory {path} is in use by {owner}. Stop that node, or choose another directory with --data DIR.")
{
    public override string Token => "data-directory-busy";
}

/// <summary>The data directory cannot be made or written.</summary>
public sealed class DataDirectoryUnusableException(string path, Exception inner)
    : NodeException($"The data directory {path} cannot be used: {inner.Message} Choose another with --data DIR, or mend its permissions.", inner)
{
    public override string Token => "data-directory-unusable";
}

/// <summary>The data directory belongs to another network.</summary>
public sealed class NetworkMismatchException(string path, string found, string asked)
    : NodeException($"The data directory {path} holds the network {found}, not {asked}. Choose another directory with --data DIR, or start over with --fresh.")
{
    public override string Token => "network-mismatch";
}

/// <summary>A network of that name or file is not known.</summary>
public sealed class UnknownNetworkException(string name)
    : NodeException($"There is no network '{name}'. Use dev, test, or a folder made by `basilisk genesis create --out DIR`.")
{
    public override string Token => "unknown-network";
}

/// <summary>A setting is outside its bounds.</summary>
public sealed class SettingOutOfRangeException(string key, string value, string bound)
    : NodeException($"{key} is {value}, but must be {bound}.")
{
    public override string Token => "setting-out-of-range";
}

/// <summary>A node that should answer at an address does not.</summary>
public sealed class NodeUnreachableException(string address, string reason)
    : NodeException($"No node answers at {address}: {reason} Start one with `./basilisk up`, or name another with --node URL.")
{
    public override string Token => "node-unreachable";
}

/// <summary>The password for a key is missing or wrong.</summary>
public sealed class KeyPasswordException(string keystore, string reason)
    : NodeException($"The key {keystore} cannot be opened: {reason} Give the password's file with --password-file FILE, or the environment variable BASILISK_PASSWORD.")
{
    public override string Token => "key-password";
}

/// <summary>The event log and the rules disagree: the log was changed, or was written by another version.</summary>
public sealed class ChainLogCorruptException(long sequence, string detail)
    : NodeException($"The event log cannot be replayed past event {sequence}: {detail} Run `./basilisk verify` for the first difference; start over with --fresh to sync again.")
{
    public override string Token => "chain-log-corrupt";
}

/// <summary>Somebody else appended to the log that this node writes.</summary>
public sealed class ChainLogTakenException(string detail, Exception? inner = null)
    : NodeException($"Another process writes the event log of this node. {detail} Stop the other node, or give each its own database (--postgres) or data directory (--data), then start this one again: it resumes at the last event.", inner)
{
    public override string Token => "chain-log-taken";
}

/// <summary>The portal process did not start.</summary>
public sealed class PortalFailedException(string detail)
    : NodeException($"The portal did not start: {detail} Run `./basilisk portal` to see its output, or go on without it with --no-portal.")
{
    public override string Token => "portal-failed";
}

/// <summary>A network's description cannot be read.</summary>
public sealed class NetworkFileUnreadableException(string path, string reason)
    : NodeException($"{path} cannot be read: {reason} Restore it, or make the network again with `basilisk genesis create`.")
{
    public override string Token => "network-file-unreadable";
}

/// <summary>A command needs a data directory that a node has used.</summary>
public sealed class DataDirectoryMissingException(string path)
    : NodeException($"There is no node's data in {path}. Name the right directory with --data DIR, or start a node with `./basilisk up`.")
{
    public override string Token => "data-directory-missing";
}

/// <summary>Options that do not go together, or that miss one they need.</summary>
public sealed class UsageException(string message) : NodeException(message)
{
    public override string Token => "usage";
}

/// <summary>A node refused a request that it understood.</summary>
public sealed class NodeRefusedException(string method, string reason)
    : NodeException($"The node refused {method}: {reason.TrimEnd('.')}. Correct the request, or look at the node's account with `./basilisk status`.")
{
    public override string Token => "node-refused";
}

/// <summary>The token that a node asks of whoever controls it is not there.</summary>
public sealed class ControlTokenMissingException(string path, string reason)
    : NodeException($"The control token {path} cannot be read: {reason} Name the node's data directory with --data DIR, as the user who runs the node; the node makes the token when it starts.")
{
    public override string Token => "control-token-missing";
}

/// <summary>An account has less than a transfer takes.</summary>
public sealed class InsufficientBalanceException(string account, string balance, string needed)
    : NodeException($"{account} has {balance} BSK, and the transfer takes up to {needed} BSK with its fee. Send less, or choose another account with --from.")
{
    public override string Token => "insufficient-balance";
}

/// <summary>A transaction was taken but is in no block yet.</summary>
public sealed class ReceiptMissingException(string hash, TimeSpan waited)
    : NodeException($"{hash} is in no block after {waited.TotalSeconds:0} s. It stays in the mempool: look for it in the portal, or wait longer with --timeout.")
{
    public override string Token => "receipt-missing";
}

/// <summary>A file with a secret, or one to import, cannot be used.</summary>
public sealed class SecretFileException(string path, string reason)
    : NodeException($"{path} cannot be used: {reason}")
{
    public override string Token => "secret-file";
}

/// <summary>A rebuilt network is not the one that was to be repaired.</summary>
public sealed class GenesisRepairMismatchException(string what, string expected, string found)
    : NodeException($"The rebuilt {what} is {found}, but the network's is {expected}: nothing was replaced. Give the folder of the original texts with --corpus DIR, unchanged, and the version of Basilisk that made the network.")
{
    public override string Token => "genesis-repair-mismatch";
}

/// <summary>The key by which peers know the node cannot be read.</summary>
public sealed class PeerIdentityDamagedException(string path, string reason, Exception? inner = null)
    : NodeException($"{path} is damaged: {reason} Restore it from a backup, or remove it: the node then makes a new one, and peers know it by another id.", inner)
{
    public override string Token => "peer-identity-damaged";
}

/// <summary>A network could not be joined.</summary>
public sealed class JoinFailedException(string peers, string reason)
    : NodeException($"No network could be joined through {peers}: {reason.TrimEnd('.')}. Check that the other node runs with --listen on an address that this machine reaches (firewall, port), then start again: what was fetched is kept.")
{
    public override string Token => "join-failed";
}

/// <summary>The peers are on another network than the user named.</summary>
public sealed class NetworkHashMismatchException(string expected, string found, string peer)
    : NodeException($"{peer} is on the network with parameters {found}, not {expected}. Name a peer of the right network with --join, or leave --network-hash out if you meant this one.")
{
    public override string Token => "network-hash-mismatch";
}
