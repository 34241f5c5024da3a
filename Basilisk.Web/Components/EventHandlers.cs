using Microsoft.AspNetCore.Components;

namespace Basilisk.Web.Components;

/// <summary>Whether the page is scrolled away from its top: then somebody is reading further down.</summary>
public sealed class ReadingEventArgs : EventArgs
{
    public bool Reading { get; set; }
}

/// <summary>Events of portal.js that components may listen to as <c>@onreadingchange</c>.</summary>
[EventHandler("onreadingchange", typeof(ReadingEventArgs))]
public static class EventHandlers
{
}
