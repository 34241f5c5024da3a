namespace Basilisk.Node.Api;

/// <summary>Reads a request's body up to a bound.</summary>
internal static class BodyReader
{
    /// <summary>The body, or null where it is longer than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, long limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            return Refuse(request);
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        try
        {
            await request.Body.CopyToAsync(body, cancellation);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Refuse(request); // Without a length, the server counts while it reads.
        }

        return body.Length > limit ? Refuse(request) : body.ToArray();
    }

    /// <summary>What is not read of a body the server does not read either, but closes the connection: the client has to know that, or sends its next request on it.</summary>
    private static byte[]? Refuse(HttpRequest request)
    {
        if (HttpProtocol.IsHttp11(request.Protocol))
        {
            request.HttpContext.Response.Headers.Connection = "close";
        }

        return null;
    }
}
