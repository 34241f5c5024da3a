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

        try
        {
            await app.StartAsync();
        }
        catch (IOException problem) when (problem.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"basilisk-portal: {problem.Message.TrimEnd('.')}. Stop what listens there, or choose another address with --listen http://127.0.0.1:PORT.");
            return 2;
        }

        app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PortalHost)).Listening(options.NodeUrl, string.Join(", ", app.Urls));
        await app.WaitForShutdownAsync();
        return 0;
    }
}
