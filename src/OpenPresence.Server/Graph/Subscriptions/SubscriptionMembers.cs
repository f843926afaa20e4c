using System.Collections.Immutable;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// The members of a subscription in a body, by name: those of POST and of PATCH are judged alike. A member that is
/// wrong has its fault noted, and some value stands in for it that is never used.
/// </summary>
internal sealed class SubscriptionMembers
{
    private static readonly Uri Unusable = new("about:blank");

    private readonly GraphCall call;
    private readonly ActionBody body;
    private readonly Dictionary<string, JsonElement> given = [];

    /// <param name="call">The call.</param>
    /// <param name="body">Its body; takes the faults.</param>
    /// <param name="names">The members that it may hold; any other one is a fault.</param>
    public SubscriptionMembers(GraphCall call, ActionBody body, string[] names)
    {
        (this.call, this.body) = (call, body);
        var members = body.Members(names);
        for (var i = 0; i < names.Length; i++)
        {
            if (members[i] is { ValueKind: not JsonValueKind.Null } value)
            {
                given.Add(names[i], value);
            }
        }
    }

    /// <summary>Whether a member is there, and not null.</summary>
    public bool Has(string name) => given.ContainsKey(name);

    /// <summary>Notes what is wrong with a member; the sentence goes on after its name.</summary>
    public void Fault(string name, string sentence) =>
        body.Fault(name, $"The provided [{ActionBody.Pascal(name)}] {sentence}");

    /// <summary>The same, where Graph has words of its own.</summary>
    public void Fault(RefusalKind kind, string name, string argument, string sentence) =>
        body.Fault(kind, name, argument, $"The provided [{ActionBody.Pascal(name)}] {sentence}");

    /// <summary>Whether a member that must be there is.</summary>
    public bool Require(string name)
    {
        if (!Has(name))
        {
            // COMPAT(graph): of expirationDateTime (microsoft-graph-docs issue 4092, R); of the others by analogy (I)
            body.Fault(name, $"{name} is a required property for subscription creation");
        }
        return Has(name);
    }

    /// <summary>A text that must be there, and hold something, in some case.</summary>
    public void RequireText(string name, string inWhichCase)
    {
        if (
            !given.TryGetValue(name, out var value)
            || value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8)
        )
        {
            Fault(name, $"is required {inWhichCase}.");
        }
    }

    /// <summary>A member that cannot be written.</summary>
    public void RefuseIfGiven(string name, string sentence)
    {
        if (Has(name))
        {
            Fault(name, sentence);
        }
    }

    /// <summary>A text; null when absent.</summary>
    public string? Text(string name, int charsMax = int.MaxValue)
    {
        var text = given.TryGetValue(name, out var value) ? body.Text(value, name) : null;
        if (text?.Length > charsMax)
        {
            Fault(name, $"is longer than {charsMax} characters.");
        }
        return text;
    }

    /// <summary>The bytes of a certificate that may be encrypted for; empty: absent, or not to be used.</summary>
    public ImmutableArray<byte> Certificate(string name)
    {
        // An empty text is what Graph shows for none in lists, and some clients send it back.
        if (Text(name) is not { Length: > 0 } text)
        {
            return [];
        }
        if (SubscriberCertificate.FaultOf(text, call.Server.Node.State.Clock.Now, out var der) is { } fault)
        {
            Fault(name, fault);
        }
        return [.. der];
    }

    /// <summary>True, or not.</summary>
    public bool Flag(string name) => given.TryGetValue(name, out var value) && body.Flag(value, name) == true;

    /// <summary>An address that may be called, as far as its text says; null: absent.</summary>
    public Uri? Url(string name)
    {
        if (!Has(name))
        {
            return null;
        }
        if (Text(name, SubscriptionLimits.UrlCharsMax) is not { } text)
        {
            return Unusable;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            Fault(name, "must be an absolute URL.");
            return Unusable;
        }
        if (call.Server.ReceiverPolicy.FaultOf(url) is { } fault)
        {
            Fault(name, fault);
        }
        return url;
    }

    /// <summary>The same of one that must be there.</summary>
    public Uri RequiredUrl(string name) => Require(name) ? Url(name)! : Unusable;

    /// <summary>
    /// When it is to end: at most <see cref="SubscriptionLimits.LifetimeMax"/> from now, and raised to
    /// <see cref="SubscriptionLimits.LifetimeMin"/>; null: absent.
    /// </summary>
    public Instant? ExpiresAt(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        if (!DateTimeOffsetText.TryRead(text, out var parsed))
        {
            body.ShapeFault(
                name,
                $"The provided [{ActionBody.Pascal(name)}] must be a date and time such as 2026-08-27T13:00:00Z."
            );
            return Instant.Never;
        }
        var (now, at) = (call.Server.Node.State.Clock.Now, Instant.From(parsed));
        if (at <= now)
        {
            Fault(name, "is in the past.");
        }
        else if (at > now + SubscriptionLimits.LifetimeMax)
        {
            body.Fault(
                RefusalKind.ExpirationTooLate,
                name,
                $"{SubscriptionLimits.LifetimeMax.TotalMinutes}",
                $"It is {now} now; what is asked for is {at}."
            );
        }
        var least = now + SubscriptionLimits.LifetimeMin;
        return at < least ? least : at;
    }
}
