using System.Collections.Immutable;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Users;

/// <summary>The properties that an answer shows, and how its context names them.</summary>
/// <param name="Properties">In the order of the answer.</param>
/// <param name="ContextNames">As <c>$select</c> spelt them, in parentheses; empty without one.</param>
public sealed record UserSelection(ImmutableArray<UserProperty> Properties, string ContextNames)
{
    /// <summary>More names than the schema has are a mistake.</summary>
    public const int NamesMax = 200;

    /// <summary>Whether the mailbox settings are shown too, for which another permission is needed.</summary>
    public bool ShowsMailboxSettings { get; init; }

    /// <summary>The first name that may not be selected in a list, as it was spelt; null: there is none.</summary>
    public string? NotInCollection { get; init; }

    public static UserSelection Default { get; } = new(UserProperties.Defaults, "");

    /// <summary>Reads <c>$select</c>; null stands for none.</summary>
    public static Refusal? Read(string? select, out UserSelection selection)
    {
        selection = Default;
        if (select is null)
        {
            return null;
        }
        var names = select.Split(',', StringSplitOptions.TrimEntries);
        var unknown = names
            .Skip(NamesMax)
            .Concat(names.Where(name => name != "*" && !UserProperties.IsKnown(name)))
            .FirstOrDefault();
        if (unknown is not null)
        {
            return new Refusal(
                RefusalKind.BadRequest,
                $"Could not find a property named '{Shorten(unknown)}' on type 'microsoft.graph.user'."
            )
            {
                Target = "$select",
            };
        }
        var wanted = names.Select(UserProperties.Find).ToHashSet();
        if (names.Contains("*", StringComparer.Ordinal))
        {
            wanted.UnionWith(UserProperties.Defaults);
        }
        selection = new UserSelection(
            [.. UserProperties.All.Where(wanted.Contains)],
            $"({string.Join(',', names.Distinct(StringComparer.OrdinalIgnoreCase))})"
        )
        {
            ShowsMailboxSettings = names.Contains(UserProperties.MailboxSettings, StringComparer.OrdinalIgnoreCase),
            NotInCollection = names.FirstOrDefault(UserProperties.IsOfOneOnly),
        };
        return null;
    }

    private static string Shorten(string text) => text.Length <= 50 ? text : text[..50] + "…";
}
