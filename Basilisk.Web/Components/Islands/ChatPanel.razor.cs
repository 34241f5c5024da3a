using Basilisk.Web.Chat;
using Basilisk.Web.Formatting;
using Basilisk.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Basilisk.Web.Components.Islands;

public sealed partial class ChatPanel : IDisposable
{
    private static readonly string[] Examples = ["Hello!", "What is 7 plus 5?", "Spell the word basilisk.", "What is Basilisk?"];

    private ChatSession _session = null!;
    private IReadOnlyList<string> _models = ["basilisk"];
    private string _draft = "";
    private string _spoken = "";

    [Inject]
    private ChatClient Client { get; set; } = null!;

    [Inject]
    private LiveFeed Feed { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    /// <summary>Text the message field begins with.</summary>
    [Parameter]
    public string? Prompt { get; set; }

    public void Dispose() => _session.Dispose();

    protected override void OnInitialized()
    {
        _session = new ChatSession(Client, Feed, Clock);
        _draft = Prompt ?? "";
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && await Client.Models(CancellationToken.None) is { Count: > 0 } models)
        {
            _models = models;
            StateHasChanged();
        }
    }

    private Task Submit() => string.IsNullOrWhiteSpace(_draft) || _session.Busy ? Task.CompletedTask : Ask(_draft);

    private async Task Ask(string question)
    {
        _draft = "";
        _spoken = "The model answers.";
        await _session.Ask(question, Redraw);
        Speak();
    }

    private async Task Retry()
    {
        _spoken = "The model answers again.";
        await _session.Retry(Redraw);
        Speak();
    }

    /// <summary>The whole answer is announced once, when it has ended: not piece by piece.</summary>
    private void Speak()
    {
        if (_session.Turns is [.., var turn])
        {
            _spoken = turn.State switch
            {
                AnswerState.Complete => $"Answer: {turn.Answer}",
                AnswerState.Stopped => $"Stopped after {Numbers.Count(turn.Tokens)} tokens.",
                _ => "The answer broke off.",
            };
        }
    }

    private void Stop() => _session.Stop();

    private void Clear() => _session.Clear();

    private void OnKey(KeyboardEventArgs key)
    {
        if (key.Key == "Escape")
        {
            _session.Stop();
        }
    }

    private Task Redraw() => InvokeAsync(StateHasChanged);
}
