using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;

namespace Basilisk.Wallet.Keystores;

/// <summary>Where a machine keeps its accounts' keys, encrypted.</summary>
public interface IVault
{
    /// <summary>The accounts held, lowest address first.</summary>
    Task<IReadOnlyList<Address>> ListAsync(CancellationToken cancellation);

    /// <summary>The key of an account. The caller disposes of it.</summary>
    Task<Verdict<PrivateKey>> OpenAsync(Address account, string password, CancellationToken cancellation);

    /// <summary>Encrypts a key under a password and keeps it. Refused where the account is already held.</summary>
    Task<Verdict<Address>> AddAsync(PrivateKey key, string password, CancellationToken cancellation);

    /// <summary>Keeps a keystore made elsewhere, once its password has opened it.</summary>
    Task<Verdict<Address>> ImportAsync(string keystoreJson, string password, CancellationToken cancellation);

    /// <summary>The account's keystore as JSON: still encrypted, fit for a backup or another wallet.</summary>
    Task<Verdict<string>> ExportAsync(Address account, CancellationToken cancellation);
}
