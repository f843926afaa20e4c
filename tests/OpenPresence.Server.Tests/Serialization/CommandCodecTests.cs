using System.Buffers;
using OpenPresence.Engine;
using OpenPresence.Engine.Tests;
using OpenPresence.Server.Serialization;
using OpenPresence.Server.Tests.State.Machine;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.Serialization;

public sealed class CommandCodecTests
{
    private const int Seeds = 300;

    private static readonly PresenceCommand[] OneOfEach =
    [
        new SetPresence(Person.App, Person.Pair("Busy/InACall"), Person.Minutes(5)),
        new ClearPresence(Person.App),
        new ReportDevice(Person.Phone, Person.Pair("Busy/InAMeeting"), Person.Minutes(1)),
        new RemoveDevice(Person.Phone),
        new SetUserPreferredPresence(Person.Pair("Away/Away"), TimeSpan.FromDays(7)),
        new ClearUserPreferredPresence(),
        new SetStatusMessage("Zurück um 14 Uhr 🚲", Person.Minute(120)),
        new SetManualLocation(WorkLocationType.Office, "room-7", Person.Minute(300)),
        new SetAutomaticLocation(WorkLocationType.Remote, null, Person.Minute(300)),
        new ClearAutomaticLocation(),
        new ClearLocation(),
        new SignOut(),
        new SetCalendar([
            new CalendarSpan(CalendarSpanKind.Meeting, Person.Minute(1), Person.Minute(2)),
            new CalendarSpan(
                CalendarSpanKind.Place,
                Person.Minute(1),
                Person.Minute(2),
                WorkLocationType.Office,
                "room-7"
            ),
        ]),
        new SetAutomaticReplies(new AutomaticReplies(Person.Minute(0), null, "Back on Monday")),
    ];

    public static TheoryData<string> Names => [.. OneOfEach.Select(command => $"{command}")];

    [Fact]
    public void Every_command_of_the_engine_has_bytes()
    {
        var commands = typeof(PresenceCommand)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(PresenceCommand)));
        Assert.Equal(
            commands.OrderBy(type => type.Name, StringComparer.Ordinal),
            OneOfEach.Select(c => c.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_damaged_is_refused_or_taken_as_it_is(string name)
    {
        var command = OneOfEach.Single(each => $"{each}" == name);
        EveryDamage.IsRefusedOrTakenAsItIs(Bytes(command), bytes => Bytes(Read(bytes)));
    }

    [Fact]
    public void What_is_read_equals_what_was_written()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var command = new Chance(seed).Command(Person.Noon);
            var read = Read(Bytes(command));
            Assert.True(command == read, $"seed {seed}: {command} became {read}");
        }
    }

    private static byte[] Bytes(PresenceCommand command)
    {
        var buffer = new ArrayBufferWriter<byte>();
        CommandCodec.Write(new PackedWriter(buffer), command);
        return buffer.WrittenSpan.ToArray();
    }

    private static PresenceCommand Read(byte[] bytes)
    {
        var input = new PackedReader(bytes);
        var command = CommandCodec.Read(ref input);
        return input.AtEnd ? command : throw PackedReader.Broken();
    }
}
