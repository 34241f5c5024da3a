using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Basilisk.Node.Fuzzing.Samples;

/// <summary>Stands where Kestrel stands and hands requests straight to the node's pipeline, without sockets.</summary>
internal sealed class DirectServer : IServer
{
    private Func<IFeatureCollection, Task>? _process;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = features => ProcessAsync(application, features);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _process = null;

    /// <summary>The answer to a GET.</summary>
    /// <param name="path">As a client writes it, escapes included.</param>
    /// <param name="query">With its question mark, or empty.</param>
    public async Task<(int Status, ReadOnlyMemory<byte> Body)> GetAsync(string path, string query)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = HttpMethods.Get;
        context.Request.Scheme = "http";
        context.Request.Protocol = "HTTP/1.1";
        context.Request.Host = new HostString("localhost");
        context.Request.Path = PathString.FromUriComponent(path);
        context.Request.QueryString = new QueryString(query);
        using var body = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        await (_process ?? throw new InvalidOperationException("The server is not started."))(context.Features);
        return (context.Response.StatusCode, body.ToArray());
    }

    private static async Task ProcessAsync<TContext>(IHttpApplication<TContext> application, IFeatureCollection features)
        where TContext : notnull
    {
        TContext context = application.CreateContext(features);
        Exception? failure = null;
        try
        {
            await application.ProcessRequestAsync(context);
        }
        catch (Exception error)
        {
            failure = error;
            throw;
        }
        finally
        {
            application.DisposeContext(context, failure);
        }
    }
}
