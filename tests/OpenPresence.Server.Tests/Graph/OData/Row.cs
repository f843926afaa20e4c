using OpenPresence.Server.Graph.OData;

namespace OpenPresence.Server.Tests.Graph.OData;

/// <summary>Something to ask.</summary>
internal sealed record Row(string? Name, string? Nick, string? Title, bool Active)
{
    public static Row Ada { get; } = new("Ada", null, "O'Brien's", true);

    public static FilterSchema<Row> Schema { get; } =
        new(
            "test.row",
            [
                new("name", FilterKind.Text, row => row.Name),
                new("nick", FilterKind.Text, row => row.Nick),
                new("title", FilterKind.Text, row => row.Title),
                new("active", FilterKind.Flag, row => row.Active ? "true" : "false"),
                new("id", FilterKind.Id, _ => "0b6c1f5e-5a7d-4c38-9f0e-2d1c7a64b3e8"),
            ],
            ["name", "nick", "title", "active", "id", "hidden"]
        );
}
