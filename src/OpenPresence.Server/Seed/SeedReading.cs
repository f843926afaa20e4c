using OpenPresence.Engine;
using OpenPresence.Server.Calendar;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Seed;

/// <summary>One reading of one file: what has been found so far, and what is taken already.</summary>
internal sealed class SeedReading(Instant at, ICollection<JsoncFault> faults, SeedPictures? pictures = null)
{
    private readonly Dictionary<(string What, string Key), JsoncPosition> _taken = [];
    private readonly HashSet<string> _zones = new(StringComparer.Ordinal);

    /// <summary>Now; relative times count from here.</summary>
    public Instant At { get; } = at;

    public List<DirectoryChange> Directory { get; } = [];

    /// <summary>Where photos are; null: nowhere, the seed is no file.</summary>
    public SeedPictures? Pictures { get; } = pictures;

    public List<SeededPhoto> Photos { get; } = [];

    public List<SeededPresence> Presence { get; } = [];

    /// <summary>The applications of the whole file: presence may name them.</summary>
    public HashSet<Guid> Applications { get; } = [];

    public JsoncMembers MembersOf(JsoncValue value) => new(value, faults);

    public void Report(JsoncValue value, string message) => faults.Add(value.Fault(message));

    /// <summary>Whether the key is still free; otherwise says who has it.</summary>
    /// <param name="what">What the key is, <c>person id</c>.</param>
    /// <param name="key">The key, in the form in which it is compared.</param>
    /// <param name="value">Where it stands.</param>
    public bool TryTake(string what, string key, JsoncValue value)
    {
        if (_taken.TryAdd((what, key), value.Position))
        {
            return true;
        }

        var first = _taken[(what, key)];
        Report(value, $"This {what} stands in line {first.Line} already.");
        return false;
    }

    /// <summary>An id that must be there and be new.</summary>
    public Guid TakeId(JsoncMembers members, string name, string what)
    {
        var id = members.RequiredId(name);
        if (id != Guid.Empty)
        {
            TryTake(what, id.ToString(), members.Any(name)!);
        }

        return id;
    }

    /// <summary>An id among the items of an array; null, and a fault, when it is none.</summary>
    public Guid? IdOf(JsoncValue value, string text)
    {
        if (Guid.TryParseExact(text, "D", out var id) && id != Guid.Empty)
        {
            return id;
        }

        Report(value, $"'{text}' is no id.");
        return null;
    }

    /// <summary>Reports an unknown time zone.</summary>
    public void CheckTimeZone(JsoncValue value)
    {
        if (_zones.Contains(value.Text))
        {
            return;
        }

        if (TimeZones.TryFind(value.Text, out _))
        {
            _zones.Add(value.Text);
            return;
        }

        Report(value, $"'{value.Text}' is no time zone such as Europe/Paris.");
    }
}
