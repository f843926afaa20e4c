using OpenPresence.Engine;
using OpenPresence.Engine.Tests;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.Serialization;

/// <summary>Records as they come about, by random commands from a seed; of every other, a row holds all.</summary>
internal static class RandomRecords
{
    private const int CommandsMax = 12;

    public static PresenceRecord Of(int seed)
    {
        var chance = new Chance(seed);
        if (chance.Next(2) == 0)
        {
            return Lone(chance);
        }
        var record = PresenceRecord.Empty;
        for (var commands = chance.Next(CommandsMax); commands > 0; commands--)
        {
            record = Person.Rules.Decide(record, chance.Command(Person.Noon), Person.Noon).Record;
        }
        return record;
    }

    /// <summary>One session of an application, mostly of a kind that a row holds.</summary>
    private static PresenceRecord Lone(Chance chance)
    {
        var duration = chance.Next(8) switch
        {
            0 => new TimeSpan(TimeSpan.TicksPerHour + 1),
            1 => TimeSpan.FromDays(25),
            2 => TimeSpan.FromMilliseconds(int.MaxValue),
            _ => TimeSpan.FromMilliseconds(chance.Next(1 << 24)),
        };
        var setAt = Person.Noon + new TimeSpan(chance.Next(int.MaxValue));
        var application = new Guid(chance.Next(5), 0, 0, new byte[8]);
        var session = new Session(
            chance.Next(10) == 0 ? SessionKind.Device : SessionKind.Application,
            application,
            PairTable.Rows[chance.Next(PairTable.Rows.Count)].Pair,
            setAt,
            setAt + duration
        );
        return new PresenceRecord { Sessions = [session] };
    }
}
