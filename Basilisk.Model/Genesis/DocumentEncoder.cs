using System.Text;
using Basilisk.Exact.Tokens;
using Basilisk.Model.Corpora;

namespace Basilisk.Model.Genesis;

/// <summary>Documents to one list of tokens, in blocks on a few threads; the result does not depend on how many.</summary>
internal static class DocumentEncoder
{
    /// <summary>Documents per block.</summary>
    private const int BlockSize = 1024;

    public static ushort[] Encode(TokenizerTable table, CorpusDocument[] documents, int threads, IProgress<GenesisProgress>? progress, CancellationToken cancellation)
    {
        var blocks = new ushort[(documents.Length + BlockSize - 1) / BlockSize][];
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, blocks.Length, options, block =>
        {
            ArraySegment<CorpusDocument> part = new(documents, block * BlockSize, Math.Min(BlockSize, documents.Length - (block * BlockSize)));
            blocks[block] = EncodeBlock(table, part);
            progress?.Report(new GenesisProgress(GenesisStage.EncodingTexts, Interlocked.Add(ref done, part.Count), documents.Length));
        });
        return Join(blocks);
    }

    private static ushort[] EncodeBlock(TokenizerTable table, ArraySegment<CorpusDocument> documents)
    {
        var output = new TokenBuffer(table);
        foreach (CorpusDocument document in documents)
        {
            if (document.Text is not null)
            {
                output.Add(document.Text);
                output.Add(SpecialTokens.End);
            }

            foreach (ChatMessage message in document.Messages)
            {
                output.Add(TokenizerTable.RoleToken(message.Role));
                output.Add(message.Text);
                output.Add(SpecialTokens.End);
            }
        }

        return output.ToArray();
    }

    private static ushort[] Join(ushort[][] blocks)
    {
        var all = new ushort[checked((int)blocks.Sum(block => (long)block.Length))];
        int at = 0;
        foreach (ushort[] block in blocks)
        {
            block.CopyTo(all, at);
            at += block.Length;
        }

        return all;
    }

    /// <summary>A growing list of tokens that texts are encoded into without copies.</summary>
    private sealed class TokenBuffer(TokenizerTable table)
    {
        private ushort[] _tokens = new ushort[1 << 16];
        private byte[] _bytes = new byte[4096];
        private int _count;

        public void Add(ushort token)
        {
            Reserve(1);
            _tokens[_count++] = token;
        }

        public void Add(string text)
        {
            int length = Encoding.UTF8.GetByteCount(text);
            if (_bytes.Length < length)
            {
                _bytes = new byte[length];
            }

            Encoding.UTF8.GetBytes(text, _bytes);
            Reserve(length); // a token has one byte or more
            _count += table.Encode(_bytes.AsSpan(0, length), _tokens.AsSpan(_count));
        }

        public ushort[] ToArray() => _tokens[.._count];

        private void Reserve(int more)
        {
            if (_tokens.Length - _count < more)
            {
                Array.Resize(ref _tokens, Math.Max(checked(_count + more), (int)Math.Min(2L * _tokens.Length, Array.MaxLength)));
            }
        }
    }
}
