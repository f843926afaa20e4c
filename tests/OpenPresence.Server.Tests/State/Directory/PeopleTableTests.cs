using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.State.Directory;

public class PeopleTableTests
{
    private static readonly Guid[] TenantIds = [Guid.NewGuid(), Guid.NewGuid()];

    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 2_000)]
    [InlineData(20261121, 5_000)]
    public void It_answers_as_a_plain_model_whatever_happens(int seed, int people)
    {
        var random = new Random(seed);
        var table = NewTable();
        var model = new PeopleModel();
        for (var i = 0; i < 12_000; i++)
        {
            var person = RandomPerson(random, people);
            var (expected, actual) = random.Next(8) switch
            {
                0 => (model.Remove(person.Id), table.Remove(person.Id)),
                1 => Cut(table, model, person),
                _ => (model.Put(person), table.Put(person)),
            };
            Assert.True(expected == actual, $"{actual} for {expected}, seed {seed}, step {i}");
        }

        foreach (var tenantId in TenantIds)
        {
            var inOrder = model.Of(tenantId).ToArray();
            Assert.Equal(inOrder, table.Of(tenantId));
            Assert.Equal(inOrder.Length, table.CountOf(tenantId));
            for (var skip = 0; skip < inOrder.Length + 2; skip += 1 + random.Next(300))
            {
                Assert.Equal(inOrder.Skip(skip).Take(20), table.Page(tenantId, skip, 20));
            }

            for (var number = 0; number < 100; number++)
            {
                var externalId = $"ext-{number}";
                Assert.Equal(
                    model.Get(tenantId, externalId),
                    table.TryGetByExternalId(tenantId, externalId, out var found) ? found : null
                );
            }
        }

        for (var number = 0; number < people; number++)
        {
            var (id, name) = (IdOf(number), NameOf(number));
            Assert.Equal(model.Get(id), table.TryGet(id, out var byId) ? byId : null);
            Assert.Equal(model.Get(name), table.TryGet(name, out var byName) ? byName : null);
        }
    }

    [Fact]
    public void Readers_on_other_threads_never_see_a_person_that_is_not_the_one_they_sought()
    {
        const int people = 200;
        var table = NewTable();
        using var done = new CancellationTokenSource();
        var readers = Enumerable
            .Range(0, 3)
            .Select(reader => Task.Run(() => ReadUntil(table, people, reader, done.Token)))
            .ToArray();

        var random = new Random(7);
        for (var i = 0; i < 40_000; i++)
        {
            var person = RandomPerson(random, people);
            _ = random.Next(6) switch
            {
                0 or 1 => table.Remove(person.Id),
                2 => Cut(table),
                _ => table.Put(person),
            };
        }

        done.Cancel();
        Assert.All(readers, reader => Assert.True(reader.GetAwaiter().GetResult() > 0));
    }

    [Fact]
    public void Many_changes_of_one_person_take_no_more_room_than_a_few()
    {
        var table = NewTable();
        var person = RandomPerson(new Random(1), 1) with { JobTitle = new string('x', 200) };
        for (var i = 0; i < 100_000; i++)
        {
            table.Put(person with { Department = $"{i}" });
        }

        Assert.InRange(table.RecordBytes, 200, 512 * 1024);
    }

    [Fact]
    public void People_who_come_and_go_leave_their_rows_to_others()
    {
        var table = NewTable();
        for (var i = 0; i < 100_000; i++)
        {
            table.Put(PersonOf(i, i % 300, TenantIds[0]));
            if (i >= 100)
            {
                table.Remove(IdOf(i - 100));
            }
        }

        Assert.Equal(100, table.Of(TenantIds[0]).Count());
        Assert.InRange(table.Rows, 100, 256 * 16);
    }

    private static PeopleTable NewTable()
    {
        var table = new PeopleTable();
        Array.ForEach(TenantIds, table.AddTenant);
        return table;
    }

    private static DirectoryOutcome Cut(PeopleTable table)
    {
        table.Cut();
        return DirectoryOutcome.Done;
    }

    private static (DirectoryOutcome, DirectoryOutcome) Cut(PeopleTable table, PeopleModel model, Person person)
    {
        table.Cut();
        return (model.Put(person), table.Put(person));
    }

    private static long ReadUntil(PeopleTable table, int people, int seed, CancellationToken done)
    {
        var random = new Random(seed);
        var found = 0L;
        for (var i = 0; !done.IsCancellationRequested || found == 0; i++)
        {
            var number = random.Next(people);
            if (table.TryGet(IdOf(number), out var byId))
            {
                Assert.Equal(IdOf(number), byId.Id);
                // Everybody's department is the id, in the same record as everything else.
                Assert.Equal($"{byId.Id}", byId.Department);
                found++;
            }

            if (table.TryGet(NameOf(number), out var byName))
            {
                Assert.Equal(NameOf(number), byName.UserPrincipalName, ignoreCase: true);
                Assert.Equal($"{byName.Id}", byName.Department);
            }

            if (i % 1_000 == 0)
            {
                var names = table.Of(TenantIds[0]).Select(p => p.UserPrincipalName).ToArray();
                Assert.Equal(names.Distinct(AsciiCaseComparer.Instance), names);
                Assert.Equal(names.Order(AsciiCaseComparer.Instance), names);
            }
        }

        return found;
    }

    private static Person RandomPerson(Random random, int people) =>
        PersonOf(random.Next(people), random.Next(people), TenantIds[random.Next(20) == 0 ? 1 : 0]) with
        {
            JobTitle = random.Next(3) == 0 ? null : new string('x', random.Next(100)),
            ExternalId = random.Next(50) == 0 ? $"ext-{random.Next(100)}" : null,
        };

    private static Person PersonOf(int number, int name, Guid tenantId) =>
        new(IdOf(number), tenantId, NameOf(name), $"Person {number}") { Department = $"{IdOf(number)}" };

    private static Guid IdOf(int number) => new(number + 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);

    private static string NameOf(int number) =>
        $"{(number % 2 == 0 ? "Person" : "person")}{number * 7919 % 10_007}@contoso.example";
}
