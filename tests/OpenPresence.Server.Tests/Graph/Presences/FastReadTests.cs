using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using OpenPresence.Engine;
using OpenPresence.Server.Graph.Presences;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Tests.Graph.Presences;

/// <summary>
/// The reads that were made fast give byte for byte what the plain writer of JSON gives, for all that an answer can be of:
/// the templates exhaustively, whole answers over HTTP for random people, bodies, selections and instants.
/// </summary>
public sealed class FastReadTests
{
    private const int Seeds = 8;
    private const int Rounds = 25;
    private const int PeopleCount = 40;
    private static readonly Guid Tenant = new(RunningServer.DemoTenant);
    private static readonly string[] MemberNames =
    [
        "id",
        "availability",
        "activity",
        "statusMessage",
        "outOfOfficeSettings",
        "sequenceNumber",
        "workLocation",
    ];

    [Fact]
    public void A_template_writes_what_the_writer_of_JSON_writes()
    {
        var random = new Random(1);
        var target = new byte[1024];
        for (var members = 0; members <= (int)PresenceMembers.All; members++)
        {
            var templates = PresenceTemplates.Of((PresenceMembers)members);
            for (byte pair = 0; pair < PairNumbers.Count; pair++)
            {
                foreach (var flags in new[] { PersonFlags.None, PersonFlags.OutOfOffice })
                {
                    var entry = new PersonEntry(Id(random), random.Next(), 1, pair, flags, random.NextInt64());
                    var written = templates.For(entry).Write(target, entry);

                    Assert.Equal(
                        Plain(new PersonView(entry, null), (PresenceMembers)members),
                        Encoding.UTF8.GetString(target, 0, written)
                    );
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllSeeds))]
    public async Task An_answer_is_what_the_writer_of_JSON_makes_of_the_board(int seed)
    {
        await using var server = await RunningServer.StartAsync(options =>
            options with
            {
                ThrottleRequestsPer30Seconds = int.MaxValue,
            }
        );
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var random = new Random(seed);
        var people = Enumerable.Range(0, PeopleCount).Select(_ => Id(random)).ToArray();
        foreach (var person in people)
        {
            await server.Node.ExecuteAsync(new PersonKnown(person, Tenant));
        }
        for (var round = 0; round < Rounds; round++)
        {
            await server.Node.ExecuteAsync(people[random.Next(PeopleCount)], Command(random, server));
            await server.AdvanceAsync(TimeSpan.FromSeconds(random.Next(400)));
            await ReadOneAsync(server, people[random.Next(PeopleCount)], random);
            await ReadManyAsync(server, people, random);
        }
    }

    public static TheoryData<int> AllSeeds() => [.. Enumerable.Range(1, Seeds)];

    private static async Task ReadOneAsync(RunningServer server, Guid person, Random random)
    {
        var (query, members) = Selection(random);
        var isUser = random.Next(2) == 0;
        var path = isUser ? $"users/{person}/presence" : $"communications/presences/{person}";
        var context = isUser ? $"users('{person}')/presence/$entity" : "communications/presences/$entity";

        var answer = await server.Client.GetStringAsync(
            new Uri($"/v1.0/{path}{query}", UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            $$"""{"@odata.context":"{{Root(server)}}/$metadata#{{context}}",""" + Plain(View(server, person), members),
            answer
        );
    }

    private static async Task ReadManyAsync(RunningServer server, Guid[] people, Random random)
    {
        var (query, members) = Selection(random);
        // Some of them twice, and some whom nobody knows: each is answered as often as it was asked for.
        var asked = Enumerable
            .Range(0, 1 + random.Next(60))
            .Select(_ => random.Next(8) == 0 ? Id(random) : people[random.Next(PeopleCount)])
            .ToArray();
        using var body = new StringContent(Body(asked, random));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var answer = await server.Client.PostAsync(
            new Uri($"/v1.0/communications/getPresencesByUserId{query}", UriKind.Relative),
            body,
            TestContext.Current.CancellationToken
        );

        var presences = asked.Select(id => "{" + Plain(View(server, id), members));
        Assert.Equal(
            $$"""{"@odata.context":"{{Root(server)}}/$metadata#Collection(microsoft.graph.presence)","value":["""
                + string.Join(',', presences)
                + "]}",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    /// <summary>As a client may write it: spaces, large letters, another member around it.</summary>
    private static string Body(Guid[] ids, Random random)
    {
        var space = random.Next(3) switch
        {
            0 => "",
            1 => " ",
            _ => "\r\n\t",
        };
        var texts = ids.Select(id => random.Next(3) == 0 ? $"\"{id.ToString().ToUpperInvariant()}\"" : $"\"{id}\"");
        var list = $"\"ids\":{space}[{string.Join($",{space}", texts)}{space}]";
        return random.Next(4) == 0 ? $$"""{"note":{"ids":[1]},{{list}}}""" : $"{{{space}{list}}}";
    }

    private static (string Query, PresenceMembers Members) Selection(Random random)
    {
        if (random.Next(3) == 0)
        {
            return ("", PresenceMembers.All);
        }
        var members = (PresenceMembers)random.Next(1, (int)PresenceMembers.All + 1);
        var names = MemberNames.Where((_, i) => ((int)members & (1 << i)) != 0).ToArray();
        random.Shuffle(names);
        return ($"?$select={string.Join(',', names)}", members);
    }

    private static PresenceCommand Command(Random random, RunningServer server)
    {
        var application = new Guid(random.Next(3), 0, 0, [0xaa, 0, 0, 0, 0, 0, 0, 0]);
        var duration = TimeSpan.FromMinutes(5 + random.Next(60));
        var now = server.Node.State.Clock.Now;
        return random.Next(6) switch
        {
            0 => new Engine.SetPresence(application, new(Availability.Busy, Activity.InACall), duration),
            1 => new Engine.SetPresence(application, new(Availability.Available, Activity.Available), duration),
            2 => new Engine.SetUserPreferredPresence(new(Availability.DoNotDisturb, Activity.DoNotDisturb), duration),
            3 => new Engine.ClearUserPreferredPresence(),
            4 => new Engine.SetStatusMessage(
                $"\"{random.Next()}\" \\ ' <é\u2028😀>",
                random.Next(2) == 0 ? null : now + duration
            ),
            _ => new Engine.ReportDevice(application, new(Availability.Away, Activity.Away), duration),
        };
    }

    /// <summary>What the board has; of a stranger what is told of strangers.</summary>
    private static PersonView View(RunningServer server, Guid person)
    {
        var board = server.Node.State.Board;
        Assert.True(board.Tenants.TryGet(Tenant, out var tenant));
        return board.TryRead(tenant, person, out var view)
            ? view
            : new PersonView(new PersonEntry(person, 0, 0, 0, PersonFlags.None, 0), null);
    }

    private static string Plain(in PersonView view, PresenceMembers members)
    {
        var text = new ArrayBufferWriter<byte>();
        PresenceJson.WriteTail(text, view, members, isOwner: false);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static string Root(RunningServer server) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}/v1.0"
        );

    private static Guid Id(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
