using System.Collections.Immutable;
using Basilisk.Chain.Hashing;
using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Signatures;
using Basilisk.Exact.Hashing;

namespace Basilisk.Chain.Transactions;

/// <summary>
/// The two encodings. Type 0: rlp[nonce, gasPrice, gasLimit, to, value, data, v, r, s]. Type 2 (EIP-1559):
/// 2 ‖ rlp[chainId, nonce, tipCap, feeCap, gasLimit, to, value, data, accessList, yParity, r, s].
/// </summary>
internal static class TransactionCodec
{
    private const byte DynamicFeePrefix = (byte)TransactionType.DynamicFee;
    private const ulong UnprotectedV = 27;
    private const ulong ProtectedV = 35;

    public static byte[] EncodeForSigning(UnsignedTransaction body)
    {
        var writer = new RlpWriter(256 + body.Data.Length);
        Begin(writer, body);
        if (body.Type == TransactionType.Legacy && body.ChainId is { } chainId)
        {
            writer.Write(chainId).Write(0UL).Write(0UL);
        }

        return writer.EndList().ToArray();
    }

    public static byte[] Encode(UnsignedTransaction body, in Signature signature)
    {
        var writer = new RlpWriter(256 + body.Data.Length);
        Begin(writer, body);
        return writer.Write(V(body, signature)).Write(signature.R).Write(signature.S).EndList().ToArray();
    }

    public static UInt256 V(UnsignedTransaction body, in Signature signature) => body switch
    {
        { Type: TransactionType.DynamicFee } => (ulong)signature.RecoveryId,
        { ChainId: { } chainId } => new UInt256(chainId) + chainId + ProtectedV + (ulong)signature.RecoveryId,
        _ => UnprotectedV + signature.RecoveryId,
    };

    public static Verdict<Transaction> Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty)
        {
            return Malformed(TransactionToken.Empty, "There are no bytes.");
        }

        if (encoded.Length > Transaction.MaximumSize)
        {
            return Malformed(TransactionToken.TooLarge, "The transaction is too large.", encoded.Length, Transaction.MaximumSize);
        }

        byte first = encoded[0];
        if (first < 0x80 && first != DynamicFeePrefix)
        {
            return Malformed(TransactionToken.TypeUnsupported, "The transaction's type is neither 0 nor 2.", first);
        }

        return first == DynamicFeePrefix ? DecodeDynamicFee(encoded) : DecodeLegacy(encoded);
    }

    private static Verdict<Transaction> DecodeLegacy(ReadOnlySpan<byte> encoded)
    {
        var reader = new RlpReader(encoded);
        reader.EnterList("transaction");
        ulong nonce = reader.ReadUInt64("nonce");
        UInt256 gasPrice = reader.ReadUInt256("gas price");
        ulong gasLimit = reader.ReadUInt64("gas limit");
        Address to = ReadRecipient(ref reader);
        UInt256 value = reader.ReadUInt256("value");
        ReadOnlySpan<byte> data = reader.ReadBytes(field: "data");
        UInt256 v = reader.ReadUInt256("v");
        UInt256 r = reader.ReadUInt256("r");
        UInt256 s = reader.ReadUInt256("s");
        reader.LeaveList("transaction");
        reader.End();
        if (reader.Refusal is { } refusal)
        {
            return refusal;
        }

        if (SplitV(v, out ulong? chainId, out byte parity) is { } wrongV)
        {
            return wrongV;
        }

        var body = new UnsignedTransaction
        {
            Type = TransactionType.Legacy,
            ChainId = chainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = gasPrice,
            MaxFeePerGas = gasPrice,
            GasLimit = gasLimit,
            To = to,
            Value = value,
            Data = data.ToArray(),
        };
        return Finish(body, new Signature(r, s, parity), encoded);
    }

    private static Verdict<Transaction> DecodeDynamicFee(ReadOnlySpan<byte> encoded)
    {
        var reader = new RlpReader(encoded[1..]);
        reader.EnterList("transaction");
        ulong chainId = reader.ReadUInt64("chain id");
        ulong nonce = reader.ReadUInt64("nonce");
        UInt256 tipCap = reader.ReadUInt256("max priority fee per gas");
        UInt256 feeCap = reader.ReadUInt256("max fee per gas");
        ulong gasLimit = reader.ReadUInt64("gas limit");
        Address to = ReadRecipient(ref reader);
        UInt256 value = reader.ReadUInt256("value");
        ReadOnlySpan<byte> data = reader.ReadBytes(field: "data");
        ImmutableArray<AccessListEntry> accessList = ReadAccessList(ref reader);
        UInt256 parity = reader.ReadUInt256("y parity");
        UInt256 r = reader.ReadUInt256("r");
        UInt256 s = reader.ReadUInt256("s");
        reader.LeaveList("transaction");
        reader.End();
        if (reader.Refusal is { } refusal)
        {
            return refusal;
        }

        if (parity > UInt256.One)
        {
            return Isolated(TransactionToken.SignatureYParityInvalid, $"The y parity is {parity}, neither 0 nor 1.");
        }

        var body = new UnsignedTransaction
        {
            Type = TransactionType.DynamicFee,
            ChainId = chainId,
            Nonce = nonce,
            MaxPriorityFeePerGas = tipCap,
            MaxFeePerGas = feeCap,
            GasLimit = gasLimit,
            To = to,
            Value = value,
            Data = data.ToArray(),
            AccessList = accessList,
        };
        return Finish(body, new Signature(r, s, (byte)parity.LowWord), encoded);
    }

    /// <summary>The rules that both types share, the costly recovery last.</summary>
    private static Verdict<Transaction> Finish(UnsignedTransaction body, in Signature signature, ReadOnlySpan<byte> encoded)
    {
        if (body.Check() is { } refusal)
        {
            return refusal;
        }

        if (signature.R.IsZero || signature.S.IsZero || signature.R >= Signature.Order || signature.S >= Signature.Order)
        {
            return Isolated(TransactionToken.SignatureOutOfRange, "r or s is zero or not below the group order.");
        }

        if (!signature.IsLowS)
        {
            return Isolated(TransactionToken.SignatureHighS, "s lies in the upper half of the group order.");
        }

        Span<byte> hash = stackalloc byte[Hash256.Size];
        Keccak256.Hash(EncodeForSigning(body), hash);
        Span<byte> publicKey = stackalloc byte[64];
        return Secp256k1.TryRecover(hash, signature, publicKey)
            ? new Transaction(body, signature, Address.FromPublicKey(publicKey), encoded.ToArray())
            : Isolated(TransactionToken.SignatureNotRecoverable, "No key could have made this signature.");
    }

    /// <summary>Writes the type byte, opens the list and writes the signed fields.</summary>
    private static void Begin(RlpWriter writer, UnsignedTransaction body)
    {
        if (body.Type == TransactionType.DynamicFee)
        {
            writer.WriteEncoded([DynamicFeePrefix]).BeginList();
            writer.Write(body.ChainId ?? 0).Write(body.Nonce).Write(body.MaxPriorityFeePerGas);
        }
        else
        {
            writer.BeginList().Write(body.Nonce);
        }

        writer.Write(body.MaxFeePerGas).Write(body.GasLimit).Write(body.To).Write(body.Value).Write(body.Data.Span);
        if (body.Type == TransactionType.DynamicFee)
        {
            WriteAccessList(writer, body.AccessList);
        }
    }

    private static void WriteAccessList(RlpWriter writer, ImmutableArray<AccessListEntry> accessList)
    {
        writer.BeginList();
        foreach (AccessListEntry entry in accessList)
        {
            writer.BeginList().Write(entry.Address).BeginList();
            foreach (Hash256 key in entry.StorageKeys)
            {
                writer.Write(key);
            }

            writer.EndList().EndList();
        }

        writer.EndList();
    }

    private static Address ReadRecipient(ref RlpReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ReadBytes(field: "to");
        if (bytes.Length == Address.Size)
        {
            return new Address(bytes);
        }

        if (bytes.IsEmpty)
        {
            reader.Refuse(TransactionToken.ContractCreationUnsupported, "to", "is empty: Basilisk runs no contracts");
        }
        else
        {
            reader.Refuse(RlpToken.WrongLength, "to", "has the wrong length", bytes.Length, Address.Size);
        }

        return default;
    }

    /// <summary>The transaction's size cap bounds both counts before anything is allocated.</summary>
    private static ImmutableArray<AccessListEntry> ReadAccessList(ref RlpReader reader)
    {
        reader.EnterList("access list");
        if (!reader.HasMore)
        {
            reader.LeaveList("access list");
            return [];
        }

        var entries = ImmutableArray.CreateBuilder<AccessListEntry>(reader.CountItems(Transaction.MaximumSize, "access list"));
        while (reader.HasMore)
        {
            reader.EnterList("access list entry");
            Address address = reader.ReadAddress("access list address");
            reader.EnterList("storage keys");
            var keys = ImmutableArray.CreateBuilder<Hash256>();
            while (reader.HasMore)
            {
                keys.Add(reader.ReadHash("storage key"));
            }

            reader.LeaveList("storage keys");
            reader.LeaveList("access list entry");
            entries.Add(new AccessListEntry(address, keys.DrainToImmutable()));
        }

        reader.LeaveList("access list");
        return entries.DrainToImmutable();
    }

    /// <summary>v of type 0 is 27 + parity, or 35 + 2·chain id + parity (EIP-155).</summary>
    private static Refusal? SplitV(UInt256 v, out ulong? chainId, out byte parity)
    {
        chainId = null;
        parity = 0;
        if (v == UnprotectedV || v == UnprotectedV + 1)
        {
            parity = (byte)(v.LowWord - UnprotectedV);
            return null;
        }

        if (v < ProtectedV)
        {
            return Isolated(TransactionToken.SignatureVInvalid, $"v is {v}; it is 27, 28, or 35 and more.");
        }

        UInt256 rest = v - ProtectedV;
        parity = (byte)(rest.LowWord & 1);
        if (!(rest >> 1).TryToUInt64(out ulong id))
        {
            return Isolated(TransactionToken.ChainIdTooLarge, $"v is {v}, which names a chain id of more than 64 bits.");
        }

        chainId = id;
        return null;
    }

    private static Refusal Malformed(string token, string detail, long? seen = null, long? allowed = null) =>
        new(RefusalKind.Malformed, token, detail, seen, allowed);

    private static Refusal Isolated(string token, string detail) => new(RefusalKind.Isolation, token, detail);
}
