using System.Text;

namespace Basilisk.Model.Tokenization;

/// <summary>
/// GPT-2's way to write any byte as one printable character (bytes_to_unicode): printable Latin-1 stays itself,
/// the other 68 bytes take the characters from U+0100 on, in order. Hugging Face files write tokens like that.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            text.Append(Characters[value]);
        }

        return text.ToString();
    }

    private static char[] Build()
    {
        var characters = new char[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = (char)(printable ? value : next++);
        }

        return characters;
    }
}
