using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.State.Directory;

public class DirectoryCutTests
{
    private const int PeopleMax = 900;
    private static readonly Tenant Contoso = new(Guid.NewGuid(), "Contoso", ["contoso.example"]);

    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(20261121)]
    public void A_directory_read_from_a_cut_goes_on_exactly_as_the_one_that_was_cut(int seed)
    {
        var random = new Random(seed);
        var whole = new TenantDirectory();
        whole.Apply(new TenantUpserted(Contoso));
        ApplyRandomChanges(random, 10_000, whole);

        var restored = new TenantDirectory();
        using var stream = new MemoryStream(BytesOf(whole));
        restored.ReadFrom(stream);
        ApplyRandomChanges(random, 10_000, whole, restored);

        Assert.Equal(whole.PeopleOf(Contoso.Id), restored.PeopleOf(Contoso.Id));
        Assert.True(BytesOf(whole).AsSpan().SequenceEqual(BytesOf(restored)), $"Cuts differ, seed {seed}");
    }

    [Fact]
    public void The_order_in_which_people_came_does_not_show()
    {
        var people = Enumerable.Range(0, 100).Select(PersonOf).ToArray();
        var forwards = new TenantDirectory();
        var backwards = new TenantDirectory();
        forwards.Apply(new TenantUpserted(Contoso));
        backwards.Apply(new TenantUpserted(Contoso));
        Array.ForEach(people, p => forwards.Apply(new PersonUpserted(p)));
        backwards.Apply(new PersonUpserted(PersonOf(100)));
        Array.ForEach([.. people.Reverse()], p => backwards.Apply(new PersonUpserted(p)));
        backwards.Apply(new PersonRemoved(PersonOf(100).Id));

        Assert.Equal(BytesOf(forwards), BytesOf(backwards));
    }

    [Fact]
    public void What_is_applied_after_the_cut_is_not_in_it()
    {
        var directory = new TenantDirectory();
        directory.Apply(new TenantUpserted(Contoso));
        for (var i = 0; i < 100; i++)
        {
            directory.Apply(new PersonUpserted(PersonOf(i)));
        }

        var expected = BytesOf(directory);
        var cut = directory.Cut();
        directory.Apply(new PersonUpserted(PersonOf(3) with { JobTitle = "Later" }));
        directory.Apply(new PersonUpserted(PersonOf(1_000)));
        directory.Apply(new PersonRemoved(PersonOf(5).Id));
        directory.Apply(new TenantUpserted(Contoso with { DisplayName = "Later" }));

        using var written = new MemoryStream();
        cut.WriteTo(written);
        Assert.Equal(expected, written.ToArray());
    }

    [Fact]
    public void Reading_replaces_everything_and_stops_where_the_cut_ends()
    {
        var directory = new TenantDirectory();
        directory.Apply(new TenantUpserted(Contoso));
        directory.Apply(new PersonUpserted(PersonOf(1)));
        using var stream = new MemoryStream([.. BytesOf(new TenantDirectory()), 1, 2, 3]);

        directory.ReadFrom(stream);

        Assert.Empty(directory.Tenants);
        Assert.False(directory.TryGetPerson(PersonOf(1).Id, out _));
        Assert.Equal(3, stream.Length - stream.Position);
    }

    [Fact]
    public void A_cut_that_has_a_name_twice_or_out_of_order_is_refused()
    {
        var directory = new TenantDirectory();
        directory.Apply(new TenantUpserted(Contoso));
        directory.Apply(new PersonUpserted(PersonOf(1)));
        directory.Apply(new PersonUpserted(PersonOf(2)));
        var bytes = BytesOf(directory);
        var name = bytes.AsSpan().IndexOf("person2@"u8);
        byte[] twice = [.. bytes];
        twice[name + 6] = (byte)'1';
        byte[] outOfOrder = [.. bytes];
        outOfOrder[name + 6] = (byte)'0';

        Assert.Throws<InvalidDataException>(() => Read(twice));
        Assert.Throws<InvalidDataException>(() => Read(outOfOrder));
    }

    [Fact]
    public void A_cut_that_has_an_external_id_twice_is_refused()
    {
        var directory = new TenantDirectory();
        directory.Apply(new TenantUpserted(Contoso));
        directory.Apply(new PersonUpserted(PersonOf(1)));
        directory.Apply(new PersonUpserted(PersonOf(2)));
        var bytes = BytesOf(directory);
        var read = Read(bytes);
        Assert.True(read.TryGetPersonByExternalId(Contoso.Id, "ext-2", out var person));
        Assert.Equal(PersonOf(2), person);
        Assert.False(read.TryGetPersonByExternalId(Contoso.Id, "EXT-2", out _));

        bytes[bytes.AsSpan().IndexOf("ext-2"u8) + 4] = (byte)'1';

        Assert.Throws<InvalidDataException>(() => Read(bytes));
    }

    [Fact]
    public void A_cut_that_ends_early_or_is_damaged_is_refused()
    {
        var directory = new TenantDirectory();
        directory.Apply(new TenantUpserted(Contoso));
        var bytes = BytesOf(directory);
        const int displayNameLength = 4 + 16;
        byte[] damaged = [.. bytes];
        damaged[displayNameLength] = 0x7F;

        Assert.Throws<InvalidDataException>(() => Read(bytes[..^1]));
        Assert.Throws<InvalidDataException>(() => Read(damaged));
        Assert.Throws<InvalidDataException>(() => Read([0xFF, 0xFF, 0xFF, 0xFF]));
    }

    private static Person PersonOf(int i) =>
        new(new Guid(i, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), Contoso.Id, $"person{i}@contoso.example", $"Person {i}")
        {
            ExternalId = $"ext-{i}",
        };

    private static void ApplyRandomChanges(Random random, int count, params TenantDirectory[] directories)
    {
        for (var i = 0; i < count; i++)
        {
            var person = PersonOf(random.Next(PeopleMax));
            DirectoryChange change = random.Next(10) switch
            {
                0 or 1 => new PersonRemoved(person.Id),
                2 => new ApplicationUpserted(new Application(person.Id, Contoso.Id, $"{i}")),
                3 => new ApplicationRemoved(person.Id),
                4 => new PersonUpserted(
                    person with
                    {
                        UserPrincipalName = $"Person{random.Next(PeopleMax)}@contoso.example",
                    }
                ),
                5 => new PersonPhotoChanged(person.Id, new PersonPhoto(new string('a', 64), PhotoForm.Jpeg, 48, i + 1)),
                _ => new PersonUpserted(person with { JobTitle = $"Title {i}" }),
            };
            var outcomes = directories.Select(d => d.Apply(change)).Distinct();
            Assert.Single(outcomes);
        }
    }

    private static byte[] BytesOf(TenantDirectory directory)
    {
        using var stream = new MemoryStream();
        directory.Cut().WriteTo(stream);
        return stream.ToArray();
    }

    private static TenantDirectory Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var directory = new TenantDirectory();
        directory.ReadFrom(stream);
        return directory;
    }
}
