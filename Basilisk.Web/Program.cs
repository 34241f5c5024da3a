using Basilisk.Web.Components;
using Basilisk.Web.Configuration;
using Basilisk.Web.Hosting;
using Basilisk.Web.Security;

if (args.Contains("--help"))
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

if (CommandLine.FirstUnknown(args) is { } unknown)
{
    await Console.Error.WriteLineAsync($"basilisk-portal: unknown option {unknown}. basilisk-portal --help lists what there is.");
    return 2;
}

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Configuration.AddCommandLine(args, CommandLine.Switches.ToDictionary());
builder.WebHost.UseStaticWebAssets();
builder.Services.AddPortal(builder.Configuration).AddPortalPages();

var app = builder.Build();
app.UseExceptionHandler("/error", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
app.UseSecurityHeaders();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapPortalEndpoints();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
return await PortalHost.Run(app);
