using OpenPresence.Engine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Tests.Serialization;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.State.Presences;

/// <summary>Rows beside the plainest thing that does the same: a list of records.</summary>
public sealed class PersonRowsTests
{
    private const int Seeds = 40;
    private const int StepsPerSeed = 600;
    private const int People = 30;

    [Fact]
    public void Give_back_every_record_as_it_was_stored_whoever_had_the_row_before()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new Run(seed);
            for (var step = 0; step < StepsPerSeed; step++)
            {
                var fault = run.Step();
                Assert.True(fault is null, $"seed {seed}, step {step}: {fault}");
            }
        }
    }

    [Fact]
    public void A_session_of_an_application_and_nothing_else_needs_no_side_data()
    {
        var rows = new PersonRows();
        var row = rows.Add(Guid.NewGuid(), tenant: 3);
        var person = new Person().Sets("Busy/InACall", 0.25);
        rows.Store(row, person.Record, presence: null);
        Assert.Equal(0, rows.Sides);
        Assert.Equal(person.Record, rows.RecordOf(row));

        person.Sets("Away/Away", 5, Person.OtherApp);
        rows.Store(row, person.Record, person.Presence);
        Assert.Equal(1, rows.Sides);
        Assert.Equal(person.Record, rows.RecordOf(row));
        Assert.Equal(PersonFlags.None, rows.FlagsOf(row));
    }

    [Fact]
    public void A_row_is_56_bytes() => Assert.Equal(56, System.Runtime.CompilerServices.Unsafe.SizeOf<PersonRow>());

    /// <summary>One history; <see cref="Step"/> says what is wrong, or null.</summary>
    private sealed class Run(int seed)
    {
        private readonly Random random = new(seed);
        private readonly PersonRows rows = new();
        private readonly List<(Guid Id, PresenceRecord Record)?> model = [];
        private (PersonRows.Cut Cut, (Guid Id, PresenceRecord Record)?[] Expected)? taken;

        public string? Step()
        {
            var row = random.Next(People);
            switch (random.Next(30))
            {
                case 0:
                    return CompareCut();
                case < 4 when row < model.Count && model[row] is not null:
                    rows.Remove(row);
                    model[row] = null;
                    break;
                case < 10 when model.Count(each => each is not null) < People:
                    if (Add() is { } fault)
                    {
                        return fault;
                    }
                    break;
                case >= 10 when row < model.Count && model[row] is { } held:
                    Store(row, held.Id);
                    break;
            }
            return Check();
        }

        private string? Add()
        {
            var id = new Guid(random.Next(), 1, 2, new byte[8]);
            var free = model.IndexOf(null);
            var row = rows.Add(id, tenant: 1);
            if (free < 0)
            {
                model.Add(null);
            }
            model[row] = (id, PresenceRecord.Empty);
            return row == (free < 0 ? model.Count - 1 : free) ? null : $"row {row} was not lowest";
        }

        private void Store(int row, Guid id)
        {
            var record = RandomRecords.Of(random.Next());
            rows.Store(row, record, Person.Rules.Merge(record, Person.Noon));
            model[row] = (id, record);
        }

        private string? CompareCut()
        {
            if (taken is not { } known)
            {
                taken = (rows.TakeCut(), [.. model]);
                return null;
            }
            using var cut = known.Cut;
            taken = null;
            for (var row = 0; row < known.Expected.Length; row++)
            {
                var (id, record) = known.Expected[row] ?? (Guid.Empty, PresenceRecord.Empty);
                if (cut[row].Id != id || cut.RecordOf(row) != record)
                {
                    return $"row {row} changed under the cut";
                }
            }
            return cut.Count == known.Expected.Length ? null : "rows were added to the cut";
        }

        private string? Check()
        {
            var sides = model.Count(each => each is { } held && !RowPacking.Fits(held.Record));
            for (var row = 0; row < model.Count; row++)
            {
                var (id, record) = model[row] ?? (Guid.Empty, PresenceRecord.Empty);
                var flags = SideData.FlagsOf(Person.Rules.Merge(record, Person.Noon));
                if (rows[row].Id != id || rows.RecordOf(row) != record)
                {
                    return $"row {row}: {rows.RecordOf(row)} instead of {record}";
                }
                if (rows.FlagsOf(row) != flags)
                {
                    return $"row {row}: {rows.FlagsOf(row)} instead of {flags}";
                }
            }
            return rows.Sides == sides ? null : $"{rows.Sides} side data instead of {sides}";
        }
    }
}
