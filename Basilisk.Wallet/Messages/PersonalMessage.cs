using System.Globalization;
using System.Text;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Signatures;
using Basilisk.Exact.Hashing;

namespace Basilisk.Wallet.Messages;

/// <summary>
/// Messages that people sign with a wallet (EIP-191, version 0x45, "personal_sign"). The prefix keeps a signed message
/// from ever being a transaction. Sign-in with Ethereum (EIP-4361) builds on it.
/// </summary>
public static class PersonalMessage
{
    private const byte FirstV = 27;

    /// <summary>The hash that is signed for a text in UTF-8.</summary>
    public static Hash256 Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    /// <summary>The hash that is signed for bytes.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> message)
    {
        KeccakState state = default;
        state.Absorb("\u0019Ethereum Signed Message:\n"u8);
        state.Absorb(Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture)));
        state.Absorb(message);
        return Keccak256.Finish(ref state);
    }

    /// <summary>r ‖ s ‖ v with v 27 or 28, as wallets return it.</summary>
    public static byte[] Sign(string text, PrivateKey key)
    {
        byte[] signature = Secp256k1.Sign(Hash(text).ToArray(), key).ToArray();
        signature[^1] += FirstV;
        return signature;
    }

    /// <summary>The address whose key signed the text.</summary>
    /// <param name="text">The message.</param>
    /// <param name="signature">65 bytes; v is 27 or 28, or 0 or 1 as some hardware wallets give it.</param>
    public static Verdict<Address> Recover(string text, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Signature.Size)
        {
            return Malformed("A message signature has 65 bytes.", signature.Length, Signature.Size);
        }

        int parity = signature[64] >= FirstV ? signature[64] - FirstV : signature[64];
        if (parity > 1)
        {
            return Malformed("v is neither 27 nor 28.", signature[64], FirstV + 1);
        }

        var parsed = new Signature(UInt256.FromBigEndian(signature[..32]), UInt256.FromBigEndian(signature[32..64]), (byte)parity);
        if (!parsed.IsLowS)
        {
            return Malformed("s lies in the upper half of the group order.");
        }

        Span<byte> publicKey = stackalloc byte[64];
        return Secp256k1.TryRecover(Hash(text).ToArray(), parsed, publicKey)
            ? Address.FromPublicKey(publicKey)
            : new Refusal(RefusalKind.Isolation, WalletToken.SignatureNotRecoverable, "No key could have made this signature.");
    }

    private static Refusal Malformed(string detail, long? seen = null, long? allowed = null) =>
        new(RefusalKind.Malformed, WalletToken.SignatureMalformed, detail, seen, allowed);
}
