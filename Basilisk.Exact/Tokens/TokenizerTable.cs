using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Basilisk.Exact.Hashing;

namespace Basilisk.Exact.Tokens;

/// <summary>
/// A byte-level BPE vocabulary: 256 bytes, four special tokens, then one token per merge. Immutable.
/// Its hash is a network parameter, because two tables give one text two losses.
/// </summary>
/// <remarks>
/// Encoding: <see cref="PreSplitter"/> cuts the text, then inside each piece the earliest merge is applied, leftmost first,
/// until none applies (Sennrich et al., arXiv:1508.07909, on bytes as in GPT-2).
/// </remarks>
public sealed class TokenizerTable
{
    /// <summary>Most merges: ids are 16 bits wide.</summary>
    public const int MaxMerges = (1 << 16) - SpecialTokens.FirstMerge;

    /// <summary>Longest token in bytes; keeps a hostile table of doubling merges from filling the memory.</summary>
    public const int MaxTokenBytes = 128;

    private readonly TokenPair[] _merges;
    private readonly MergeRanks _ranks;
    private readonly TokenBytes _bytes;

    private TokenizerTable(TokenPair[] merges, TokenBytes bytes)
    {
        _merges = merges;
        _bytes = bytes;
        _ranks = new MergeRanks(merges);
        Hash = new Hash256(SHA256.HashData(ToBytes()));
    }

    /// <summary>Number of tokens: 260 + merges.</summary>
    public int VocabularySize => SpecialTokens.FirstMerge + _merges.Length;

    /// <summary>The merges in order; merge i makes token 260 + i.</summary>
    public ReadOnlySpan<TokenPair> Merges => _merges;

    /// <summary>SHA-256 of <see cref="ToBytes"/>.</summary>
    public Hash256 Hash { get; }

    /// <summary>Makes a table from merges of one's own.</summary>
    /// <exception cref="ArgumentException">The merges break a rule of the format; the message has the refusal.</exception>
    public static TokenizerTable Create(IReadOnlyList<TokenPair> merges)
    {
        ArgumentNullException.ThrowIfNull(merges);
        TokenizerRefusal refusal = TryCreate([.. merges], out TokenizerTable? table);
        return table ?? throw new ArgumentException($"These merges are not a tokenizer table: {refusal}.", nameof(merges));
    }

    /// <summary>Reads the canonical bytes. Anything else is refused by a value.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TokenizerTable? table, out TokenizerRefusal refusal)
    {
        table = null;
        refusal = TokenizerFormat.TryRead(bytes, out TokenPair[] merges);
        if (refusal.Kind == TokenizerRefusalKind.None)
        {
            refusal = TryCreate(merges, out table);
        }

        return table is not null;
    }

    /// <summary>The canonical bytes: 12 of header, 4 per merge.</summary>
    public byte[] ToBytes() => TokenizerFormat.Write(_merges);

    /// <summary>The bytes that a token stands for; none for a special token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    public ReadOnlySpan<byte> BytesOf(ushort token)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, VocabularySize);
        return _bytes[token];
    }

    /// <summary>The tokens of a text. Never gives a special token, whatever the text says.</summary>
    /// <param name="utf8">Any bytes; meant to be UTF-8.</param>
    public ushort[] Encode(ReadOnlySpan<byte> utf8)
    {
        ushort[] rented = ArrayPool<ushort>.Shared.Rent(utf8.Length);
        ushort[] tokens = rented[..Encode(utf8, rented)];
        ArrayPool<ushort>.Shared.Return(rented);
        return tokens;
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{byte})"/>
    public ushort[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes the tokens of a text and returns how many there are.</summary>
    /// <param name="utf8">Any bytes; meant to be UTF-8.</param>
    /// <param name="destination">At least as long as the text: a token has one byte or more.</param>
    /// <exception cref="ArgumentException">The destination is shorter than the text.</exception>
    public int Encode(ReadOnlySpan<byte> utf8, Span<ushort> destination)
    {
        if (destination.Length < utf8.Length)
        {
            throw new ArgumentException($"{utf8.Length} bytes may need as many tokens; there is room for {destination.Length}.", nameof(destination));
        }

        int written = 0;
        for (int start = 0; start < utf8.Length;)
        {
            int end = PreSplitter.PieceEnd(utf8, start);
            Span<ushort> piece = destination.Slice(written, end - start);
            for (int i = 0; i < piece.Length; i++)
            {
                piece[i] = utf8[start + i];
            }

            written += PieceMerger.Merge(piece, _ranks);
            start = end;
        }

        return written;
    }

    /// <summary>
    /// The tokens of a chat: each message is its role's token, its text and <see cref="SpecialTokens.End"/>.
    /// </summary>
    /// <param name="messages">Turns in order.</param>
    /// <param name="openAnswer">Whether to add the token that opens an assistant's turn, for a model to continue.</param>
    public ushort[] EncodeChat(IReadOnlyList<ChatMessage> messages, bool openAnswer = false)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var tokens = new List<ushort>();
        foreach (ChatMessage message in messages)
        {
            tokens.Add(RoleToken(message.Role));
            tokens.AddRange(Encode(message.Text));
            tokens.Add(SpecialTokens.End);
        }

        if (openAnswer)
        {
            tokens.Add(SpecialTokens.Assistant);
        }

        return [.. tokens];
    }

    /// <summary>The token that opens a message of this role.</summary>
    public static ushort RoleToken(ChatRole role) => role switch
    {
        ChatRole.System => SpecialTokens.System,
        ChatRole.User => SpecialTokens.User,
        ChatRole.Assistant => SpecialTokens.Assistant,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A role is system, user or assistant."),
    };

    /// <summary>The bytes of a list of tokens; special tokens add none. The inverse of <see cref="Encode(ReadOnlySpan{byte})"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the vocabulary.</exception>
    public byte[] Decode(ReadOnlySpan<ushort> tokens)
    {
        int length = 0;
        foreach (ushort token in tokens)
        {
            length = checked(length + BytesOf(token).Length);
        }

        byte[] bytes = new byte[length];
        Span<byte> rest = bytes;
        foreach (ushort token in tokens)
        {
            ReadOnlySpan<byte> piece = _bytes[token];
            piece.CopyTo(rest);
            rest = rest[piece.Length..];
        }

        return bytes;
    }

    /// <summary>The text of a list of tokens; bytes that are not UTF-8 become U+FFFD.</summary>
    public string DecodeText(ReadOnlySpan<ushort> tokens) => Encoding.UTF8.GetString(Decode(tokens));

    private static TokenizerRefusal TryCreate(TokenPair[] merges, out TokenizerTable? table)
    {
        table = null;
        if (merges.Length > MaxMerges)
        {
            return new TokenizerRefusal(TokenizerRefusalKind.TooManyMerges, merges.Length, MaxMerges);
        }

        TokenizerRefusal refusal = TokenBytes.TryBuild(merges, out TokenBytes? bytes);
        if (bytes is not null)
        {
            table = new TokenizerTable(merges, bytes);
        }

        return refusal;
    }
}
