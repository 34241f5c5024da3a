using Basilisk.Chain.Primitives;
using Basilisk.Chain.Refusals;
using Basilisk.Chain.Rlp;
using Basilisk.Chain.Signatures;
using Basilisk.Chain.Transactions;
using Xunit;

namespace Basilisk.Chain.Tests.Transactions;

public sealed class TransactionRefusalTests
{
    private static readonly Address Recipient = Address.Parse("0x3535353535353535353535353535353535353535");

    [Fact]
    public void An_empty_or_unknown_form_is_refused()
    {
        Refused([], TransactionToken.Empty, RefusalKind.Malformed);
        Refused([0x01, 0xC0], TransactionToken.TypeUnsupported, RefusalKind.Malformed);
        Refused([0x03, 0xC0], TransactionToken.TypeUnsupported, RefusalKind.Malformed);
        Refused([0x80], RlpToken.ListExpected, RefusalKind.Malformed);
        Refused(new byte[Transaction.MaximumSize + 1], TransactionToken.TooLarge, RefusalKind.Malformed);
    }

    [Fact]
    public void Contract_creation_is_refused()
    {
        Refused(Legacy(to: []), TransactionToken.ContractCreationUnsupported, RefusalKind.Malformed);
        Refused(DynamicFee(to: []), TransactionToken.ContractCreationUnsupported, RefusalKind.Malformed);
        Refused(Legacy(to: new byte[19]), RlpToken.WrongLength, RefusalKind.Malformed);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Refused(Legacy(nonce: ulong.MaxValue), TransactionToken.NonceExhausted);
        Refused(Legacy(gasPrice: UInt256.MaxValue), TransactionToken.FeeOverflow);
        Refused(DynamicFee(tip: 2, cap: 1), TransactionToken.TipAboveFeeCap);
        Refusal refusal = Refused(Legacy(gas: 20_999), TransactionToken.IntrinsicGasTooLow);
        Assert.Equal((20_999L, 21_000L), (refusal.Seen, refusal.Allowed));
        Refused(Legacy(gas: 21_019, data: [1, 0]), TransactionToken.IntrinsicGasTooLow);
        Refused(DynamicFee(gas: 21_000 + 2_400 + 1_900 - 1, keys: 1), TransactionToken.IntrinsicGasTooLow);
    }

    [Fact]
    public void Intrinsic_gas_at_the_limit_is_taken()
    {
        using PrivateKey key = PrivateKey.FromBytes(UInt256.One.ToBigEndian());
        UnsignedTransaction exact = UnsignedTransaction.Legacy(1, 0, 1, 21_000 + 4 + 16, Recipient, 0, new byte[] { 0, 1 });
        Assert.False(Transaction.Decode(exact.Sign(key).Encode()).IsRefused);
        Assert.Throws<InvalidOperationException>(() => (exact with { GasLimit = exact.GasLimit - 1 }).Sign(key));
    }

    [Fact]
    public void Signatures_out_of_range_are_refused()
    {
        Refused(Legacy(v: 0), TransactionToken.SignatureVInvalid);
        Refused(Legacy(v: 29), TransactionToken.SignatureVInvalid);
        Refused(Legacy(v: 34), TransactionToken.SignatureVInvalid);
        Refused(Legacy(v: UInt256.One << 70), TransactionToken.ChainIdTooLarge);
        Refused(DynamicFee(parity: 2), TransactionToken.SignatureYParityInvalid);
        Refused(Legacy(r: 0), TransactionToken.SignatureOutOfRange);
        Refused(Legacy(s: 0), TransactionToken.SignatureOutOfRange);
        Refused(Legacy(r: Signature.Order), TransactionToken.SignatureOutOfRange);
        Refused(Legacy(s: Signature.Order), TransactionToken.SignatureOutOfRange);
        Refused(Legacy(s: Signature.HalfOrder + 1), TransactionToken.SignatureHighS);
        Refused(Legacy(r: 5), TransactionToken.SignatureNotRecoverable); // 5³ + 7 is no square modulo p
    }

    [Fact]
    public void A_signature_of_another_transaction_gives_another_sender()
    {
        using PrivateKey key = PrivateKey.FromBytes(new UInt256(7).ToBigEndian());
        Transaction transaction = UnsignedTransaction.DynamicFee(1, 0, 1, 2, 21_000, Recipient, 5).Sign(key);
        byte[] changed = TransactionCodecFor(transaction, value: 6);
        Transaction other = Transaction.Decode(changed).Value;
        Assert.Equal(key.Address, transaction.Sender);
        Assert.NotEqual(key.Address, other.Sender);
    }

    [Fact]
    public void Extra_missing_or_padded_fields_are_refused()
    {
        byte[] good = Legacy();
        Refused([.. good, 0], RlpToken.TrailingBytes, RefusalKind.Malformed);
        Refused(good[..^1], RlpToken.Truncated, RefusalKind.Malformed);
        Refused(new RlpWriter().BeginList().Write(1UL).EndList().ToArray(), RlpToken.ListTooShort, RefusalKind.Malformed);
        Refused(
            new RlpWriter().BeginList().Write(new byte[] { 0, 1 }).EndList().ToArray(), RlpToken.IntegerLeadingZero, RefusalKind.Malformed);
        Refused(
            new RlpWriter().BeginList().Write(new byte[9]).EndList().ToArray(), RlpToken.IntegerLeadingZero, RefusalKind.Malformed);
    }

    [Fact]
    public void Damaged_transactions_are_refused_by_token_or_are_other_canonical_ones()
    {
        using PrivateKey key = PrivateKey.FromBytes(new UInt256(11).ToBigEndian());
        byte[][] originals =
        [
            UnsignedTransaction.Legacy(13371, 3, Bsk.Gwei, 60_000, Recipient, Bsk.Coin, new byte[40]).Sign(key).Encode(),
            (UnsignedTransaction.DynamicFee(13371, 300, 1, Bsk.Gwei, 90_000, Recipient, Bsk.Coin, new byte[] { 1, 2, 3 }) with
            {
                AccessList = [new AccessListEntry(Recipient, [default, default]), new AccessListEntry(Recipient, [])],
            }).Sign(key).Encode(),
        ];
        var random = new Random(1559);
        int accepted = 0;
        var tokens = new HashSet<string>();
        for (int i = 0; i < 200_000; i++)
        {
            byte[] bytes = Damage(originals[i & 1], random);
            if (Transaction.Decode(bytes).TryGet(out Transaction? transaction, out Refusal? refusal))
            {
                Assert.Equal(bytes, new UnsignedRebuild(transaction).Encode());
                accepted++;
            }
            else
            {
                tokens.Add(refusal.Token);
            }

            if (accepted > 1_000)
            {
                break; // every acceptance costs a recovery: enough is enough
            }
        }

        Assert.True(accepted > 100, $"{accepted} accepted");
        Assert.True(tokens.Count > 12, string.Join(' ', tokens));
    }

    [Fact]
    public void Random_bytes_are_refused_by_token()
    {
        var random = new Random(2718);
        for (int i = 0; i < 200_000; i++)
        {
            var bytes = new byte[random.Next(0, 160)];
            random.NextBytes(bytes);
            if (bytes.Length > 3)
            {
                (bytes[0], bytes[1], bytes[2]) = random.Next(2) == 0 ? ((byte)2, (byte)0xF8, (byte)(bytes.Length - 3)) : ((byte)0xF8, (byte)(bytes.Length - 2), bytes[2]);
            }

            Assert.True(Transaction.Decode(bytes).IsRefused);
        }
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes = bytes[..at].Length > 0 ? bytes[..at] : bytes;
                    break;
                case 3:
                    bytes = [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
                    break;
                default:
                    bytes = [.. bytes[..at], .. bytes[(at + 1)..]];
                    break;
            }

            if (bytes.Length == 0)
            {
                return bytes;
            }
        }

        return bytes;
    }

    private static byte[] TransactionCodecFor(Transaction transaction, UInt256 value) => new RlpWriter().WriteEncoded([2]).BeginList()
        .Write(transaction.ChainId!.Value).Write(transaction.Nonce).Write(transaction.MaxPriorityFeePerGas).Write(transaction.MaxFeePerGas)
        .Write(transaction.GasLimit).Write(transaction.To).Write(value).Write(transaction.Data.Span).BeginList().EndList()
        .Write(transaction.V).Write(transaction.Signature.R).Write(transaction.Signature.S).EndList().ToArray();

    private static byte[] Legacy(
        ulong nonce = 0, UInt256? gasPrice = null, ulong gas = 21_000, byte[]? to = null, byte[]? data = null, UInt256? v = null, UInt256? r = null, UInt256? s = null) =>
        new RlpWriter().BeginList().Write(nonce).Write(gasPrice ?? 1).Write(gas).Write(to ?? Recipient.ToArray()).Write(0UL).Write(data ?? [])
            .Write(v ?? 37).Write(r ?? 1).Write(s ?? 1).EndList().ToArray();

    private static byte[] DynamicFee(ulong tip = 1, ulong cap = 1, ulong gas = 21_000, byte[]? to = null, int keys = 0, ulong parity = 0)
    {
        RlpWriter writer = new RlpWriter().WriteEncoded([2]).BeginList().Write(1UL).Write(0UL).Write(tip).Write(cap).Write(gas)
            .Write(to ?? Recipient.ToArray()).Write(0UL).Write([]).BeginList();
        if (keys > 0)
        {
            writer.BeginList().Write(Recipient).BeginList();
            for (int i = 0; i < keys; i++)
            {
                writer.Write(new byte[32]);
            }

            writer.EndList().EndList();
        }

        return writer.EndList().Write(parity).Write(1UL).Write(1UL).EndList().ToArray();
    }

    private static Refusal Refused(byte[] bytes, string token, RefusalKind kind = RefusalKind.Isolation)
    {
        Refusal? refusal = Transaction.Decode(bytes).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal((token, kind), (refusal.Token, refusal.Kind));
        return refusal;
    }

    /// <summary>Encodes a decoded transaction from its fields, not from the bytes it kept.</summary>
    private sealed class UnsignedRebuild(Transaction transaction)
    {
        public byte[] Encode()
        {
            var writer = new RlpWriter();
            if (transaction.Type == TransactionType.DynamicFee)
            {
                writer.WriteEncoded([2]).BeginList().Write(transaction.ChainId!.Value).Write(transaction.Nonce).Write(transaction.MaxPriorityFeePerGas);
            }
            else
            {
                writer.BeginList().Write(transaction.Nonce);
            }

            writer.Write(transaction.MaxFeePerGas).Write(transaction.GasLimit).Write(transaction.To).Write(transaction.Value).Write(transaction.Data.Span);
            if (transaction.Type == TransactionType.DynamicFee)
            {
                writer.BeginList();
                foreach (AccessListEntry entry in transaction.AccessList)
                {
                    writer.BeginList().Write(entry.Address).BeginList();
                    foreach (Basilisk.Exact.Hashing.Hash256 key in entry.StorageKeys)
                    {
                        writer.Write(key);
                    }

                    writer.EndList().EndList();
                }

                writer.EndList();
            }

            return writer.Write(transaction.V).Write(transaction.Signature.R).Write(transaction.Signature.S).EndList().ToArray();
        }
    }
}
