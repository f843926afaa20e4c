using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>The members of a presence, in the order in which an answer shows them.</summary>
[Flags]
public enum PresenceMembers : byte
{
    None = 0,
    Id = 1,
    Availability = 2,
    Activity = 4,
    StatusMessage = 8,
    OutOfOfficeSettings = 16,
    SequenceNumber = 32,
    WorkLocation = 64,

    /// <summary>The schema of the Global cloud, v1.0 and beta alike.</summary>
    All = 127,

    /// <summary>The schema of the US Government clouds (national-cloud-schema.json, Fairfax).</summary>
    UsGovernment = Id | Availability | Activity | StatusMessage,
}

/// <summary>Which members an answer carries: the cloud's schema, then the caller's <c>$select</c>.</summary>
public static class PresenceSelection
{
    private static readonly (string Name, PresenceMembers Member)[] Names =
    [
        ("id", PresenceMembers.Id),
        ("availability", PresenceMembers.Availability),
        ("activity", PresenceMembers.Activity),
        ("statusMessage", PresenceMembers.StatusMessage),
        ("outOfOfficeSettings", PresenceMembers.OutOfOfficeSettings),
        ("sequenceNumber", PresenceMembers.SequenceNumber),
        ("workLocation", PresenceMembers.WorkLocation),
    ];

    /// <summary>The members that a cloud's schema declares.</summary>
    public static PresenceMembers SchemaOf(Cloud cloud) =>
        cloud == Cloud.Global ? PresenceMembers.All : PresenceMembers.UsGovernment;

    /// <summary>Reads a <c>$select</c>; on failure says which name is unknown.</summary>
    public static Refusal? Parse(string select, PresenceMembers schema, out PresenceMembers members)
    {
        members = PresenceMembers.None;
        foreach (var range in select.AsSpan().Split(','))
        {
            var name = select.AsSpan()[range].Trim();
            if (name is "*")
            {
                members |= schema;
                continue;
            }
            var member = Find(name) & schema;
            if (member == PresenceMembers.None)
            {
                return Unknown(name, schema);
            }
            members |= member;
        }
        return null;
    }

    private static PresenceMembers Find(ReadOnlySpan<char> name)
    {
        foreach (var (known, member) in Names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return member;
            }
        }
        return PresenceMembers.None;
    }

    private static Refusal Unknown(ReadOnlySpan<char> name, PresenceMembers schema) =>
        new(RefusalKind.BadRequest, $"Could not find a property named '{name}' on type 'microsoft.graph.presence'.")
        {
            Target = "$select",
            Details =
            [
                new(
                    "allowedValues",
                    string.Join(
                        ", ",
                        Names.Where(row => (row.Member & schema) != PresenceMembers.None).Select(row => row.Name)
                    )
                ),
            ],
        };
}
