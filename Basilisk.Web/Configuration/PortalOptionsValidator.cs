using Microsoft.Extensions.Options;

namespace Basilisk.Web.Configuration;

/// <summary>Names the key, the value found and the bound it broke, before the portal serves anything.</summary>
public sealed class PortalOptionsValidator : IValidateOptions<PortalOptions>
{
    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        var failures = new List<string>();
        CheckUrl(failures, nameof(PortalOptions.NodeUrl), options.NodeUrl);
        CheckUrl(failures, nameof(PortalOptions.Listen), options.Listen);
        CheckRange(failures, nameof(PortalOptions.RequestTimeoutSeconds), options.RequestTimeoutSeconds, 1, 60);
        CheckRange(failures, nameof(PortalOptions.ReconnectSeconds), options.ReconnectSeconds, 0.1, 2);
        CheckRange(failures, nameof(PortalOptions.RendersPerSecond), options.RendersPerSecond, 1, 10);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckUrl(List<string> failures, string key, string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            failures.Add($"{PortalOptions.Section}:{key} is '{value}'; it must be an absolute http or https address such as http://127.0.0.1:8545.");
        }
    }

    private static void CheckRange(List<string> failures, string key, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
        {
            failures.Add(FormattableString.Invariant($"{PortalOptions.Section}:{key} is {value}; it must lie between {least} and {most}."));
        }
    }
}
