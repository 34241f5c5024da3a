namespace Basilisk.Node.Api;

/// <summary>Reads a request's body up to a bound.</summary>
internal static class BodyReader
{
    /// <summary>The body, or null where it is longer than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, long limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        try
        {
            await request.Body.CopyToAsync(body, cancellation);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null; // Without a length, the server counts while it reads.
        }

        return body.Length > limit ? null : body.ToArray();
    }
}
