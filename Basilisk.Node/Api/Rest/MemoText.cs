using System.Text;

namespace Basilisk.Node.Api.Rest;

/// <summary>A transfer's data, read as text where it is text.</summary>
internal static class MemoText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string? Of(string kind, string input)
    {
        if (kind != "transfer" || input.Length <= 2)
        {
            return null;
        }

        try
        {
            string text = Strict.GetString(Convert.FromHexString(input.AsSpan(2)));
            return text.Any(character => char.IsControl(character) && character is not ('\n' or '\t')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
