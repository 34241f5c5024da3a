using System.Net;
using System.Net.Sockets;
using Basilisk.Web.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Basilisk.Web.Hosting;

/// <summary>Starts the portal and turns what an operator can mend into one clear line.</summary>
public static class PortalHost
{
    /// <returns>The process's exit code: 0 after a clean stop, 2 for wrong settings or a port that is taken.</returns>
    public static async Task<int> Run(WebApplication app)
    {
        PortalOptions options;
        try
        {
            options = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var failure in wrong.Failures)
            {
                await Console.Error.WriteLineAsync($"basilisk-portal: {failure}");
            }

            return 2;
        }

        if (string.IsNullOrWhiteSpace(app.Configuration["urls"]) && app.Urls.Count == 0)
        {
            app.Urls.Add(options.Listen);
        }

        // Asked before the server starts: the server itself would log a page of stack for it.
        if (Addresses(app).FirstOrDefault(IsTaken) is { } taken)
        {
            return await RefusePort($"{taken} is taken: address already in use");
        }

        try
        {
            await app.StartAsync();
        }
        catch (IOException problem) when (problem.InnerException is AddressInUseException)
        {
            return await RefusePort(problem.Message.TrimEnd('.'));
        }

        app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PortalHost)).Listening(options.NodeUrl, string.Join(", ", app.Urls));
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<int> RefusePort(string problem)
    {
        await Console.Error.WriteLineAsync(
            $"basilisk-portal: {problem}. Stop what listens there, or choose another address with --listen http://127.0.0.1:PORT.");
        return 2;
    }

    private static IEnumerable<string> Addresses(WebApplication app) =>
        app.Configuration["urls"] is { Length: > 0 } urls ? urls.Split(';', StringSplitOptions.RemoveEmptyEntries) : app.Urls;

    private static bool IsTaken(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Port == 0)
        {
            return false;
        }

        var host = uri.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(uri.Host, out var given) ? given : IPAddress.Any;
        try
        {
            using var probe = new TcpListener(host, uri.Port);
            probe.Start();
            return false;
        }
        catch (SocketException problem)
        {
            // Anything else (no such address, no right) is for the server to name.
            return problem.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
