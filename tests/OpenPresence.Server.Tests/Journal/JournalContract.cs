using System.Globalization;
using System.Text;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>What every journal promises, whatever it stores its entries in.</summary>
public abstract class JournalContract
{
    /// <summary>The clock that stamps entries.</summary>
    protected ManualClock Clock { get; } = new();

    /// <summary>Opens the test's journal, or opens it again after it was disposed of.</summary>
    protected abstract ValueTask<IJournal> OpenAsync();

    /// <summary>Changes a byte of a snapshot where it is stored, while nobody has the journal open.</summary>
    protected abstract Task DamageSnapshotAsync(long position);

    [Fact]
    public async Task A_new_journal_is_empty_and_has_no_snapshot()
    {
        await using var journal = await OpenAsync();
        Assert.Equal(0, journal.LastPosition);
        Assert.Null(journal.Fault);
        Assert.Null(await journal.ReadSnapshotAsync());
    }

    [Fact]
    public async Task Appends_are_read_back_in_the_order_of_their_positions()
    {
        await using var journal = await OpenAsync();
        var first = await journal.AppendAsync("one");
        var second = await journal.AppendAsync("two");
        Assert.True(0 < first && first < second);
        Assert.Equal(["one", "two"], await journal.ReadTextsAsync());
        Assert.Equal(second, journal.LastPosition);
    }

    [Fact]
    public async Task An_entry_carries_all_that_was_given_and_its_instant()
    {
        await using var journal = await OpenAsync();
        var id = Guid.NewGuid();
        var appended = await journal.AppendAsync(id, "hello"u8.ToArray());
        var entry = Assert.Single(await journal.ReadAllAsync());
        Assert.Equal(appended.Position, entry.Position);
        Assert.Equal(Instant.From(Clock.GetUtcNow()), entry.At);
        Assert.Equal(id, entry.CommandId);
        Assert.Equal("hello", entry.Text());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(3000)]
    public async Task A_payload_of_any_size_survives_opening_again(int bytes)
    {
        var payload = new byte[bytes];
        new Random(bytes).NextBytes(payload);
        await using (var journal = await OpenAsync())
        {
            await journal.AppendAsync(Guid.NewGuid(), payload);
            await journal.AppendAsync("after");
        }

        await using var again = await OpenAsync();
        var entries = await again.ReadAllAsync();
        Assert.Equal(payload, entries[0].Payload.ToArray());
        Assert.Equal("after", entries[1].Text());
    }

    [Fact]
    public async Task Positions_go_on_after_opening_again()
    {
        long before;
        await using (var journal = await OpenAsync())
        {
            before = await journal.AppendAsync("before");
        }

        await using var again = await OpenAsync();
        Assert.Equal(before, again.LastPosition);
        Assert.True(await again.AppendAsync("after") > before);
        Assert.Equal(["before", "after"], await again.ReadTextsAsync());
    }

    [Fact]
    public async Task Reading_begins_after_the_position_that_is_asked_for()
    {
        await using var journal = await OpenAsync();
        var positions = new List<long>();
        foreach (var text in new[] { "a", "b", "c", "d" })
        {
            positions.Add(await journal.AppendAsync(text));
        }

        Assert.Equal(["c", "d"], await journal.ReadTextsAsync(positions[1]));
        Assert.Empty(await journal.ReadTextsAsync(positions[3]));
    }

    [Fact]
    public async Task A_reader_sees_what_is_appended_while_it_waits()
    {
        await using var journal = await OpenAsync();
        using var bound = new CancellationTokenSource(JournalSteps.WaitMax);
        await using var reader = journal.ReadAsync(0, bound.Token).GetAsyncEnumerator(bound.Token);
        var waiting = reader.MoveNextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        _ = await journal.AppendAsync("live");
        Assert.True(await waiting);
        Assert.Equal("live", Assert.Single(reader.Current).Text());
    }

    [Fact]
    public async Task Concurrent_appends_are_each_read_once_at_the_position_that_their_caller_got()
    {
        await using var journal = await OpenAsync();
        var appends = Enumerable
            .Range(0, 500)
            .Select(i => Task.Run(() => journal.AppendAsync(i.ToString(CultureInfo.InvariantCulture))))
            .ToArray();
        var positions = await Task.WhenAll(appends);
        var entries = await journal.ReadAllAsync();
        Assert.Equal(
            positions.Select((p, i) => (p, i.ToString(CultureInfo.InvariantCulture))).Order(),
            entries.Select(e => (e.Position, e.Text()))
        );
    }

    [Fact]
    public async Task An_entry_is_never_earlier_than_the_one_before_although_the_clock_goes_back()
    {
        await using var journal = await OpenAsync();
        _ = await journal.AppendAsync("noon");
        Clock.Advance(TimeSpan.FromHours(-1));
        _ = await journal.AppendAsync("an hour before");
        var entries = await journal.ReadAllAsync();
        Assert.Equal(entries[0].At, entries[1].At);
    }

    [Fact]
    public async Task A_repeated_command_id_adds_nothing_and_gives_its_first_position()
    {
        await using var journal = await OpenAsync();
        var id = Guid.NewGuid();
        var first = await journal.AppendAsync(id, "once"u8.ToArray());
        _ = await journal.AppendAsync("between");
        var second = await journal.AppendAsync(id, "once"u8.ToArray());
        Assert.False(first.Repeated);
        Assert.Equal(new Appended(first.Position, Repeated: true), second);
        Assert.Equal(["once", "between"], await journal.ReadTextsAsync());
    }

    [Fact]
    public async Task A_command_id_is_still_known_after_opening_again()
    {
        var id = Guid.NewGuid();
        Appended first;
        await using (var journal = await OpenAsync())
        {
            first = await journal.AppendAsync(id, "once"u8.ToArray());
        }

        await using var again = await OpenAsync();
        var second = await again.AppendAsync(id, "once"u8.ToArray());
        Assert.Equal(new Appended(first.Position, Repeated: true), second);
    }

    [Fact]
    public async Task The_same_command_id_from_many_callers_at_once_is_appended_once()
    {
        await using var journal = await OpenAsync();
        var id = Guid.NewGuid();
        var appends = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => Task.Run(() => journal.AppendAsync(id, "once"u8.ToArray()).AsTask()))
        );
        Assert.Single(appends, appended => !appended.Repeated);
        Assert.Single(appends.Select(appended => appended.Position).Distinct());
        Assert.Single(await journal.ReadAllAsync());
    }

    [Fact]
    public async Task A_companion_comes_with_its_entry_to_the_reader_that_began_first()
    {
        await using var journal = await OpenAsync();
        using var bound = new CancellationTokenSource(JournalSteps.WaitMax);
        await using var first = journal.ReadAsync(0, bound.Token).GetAsyncEnumerator(bound.Token);
        var firstWaits = first.MoveNextAsync().AsTask();
        await using var second = journal.ReadAsync(0, bound.Token).GetAsyncEnumerator(bound.Token);
        var secondWaits = second.MoveNextAsync().AsTask();
        var companion = new object();
        _ = await journal.AppendAsync("x", companion);
        Assert.True(await firstWaits && await secondWaits);
        Assert.Same(companion, Assert.Single(first.Current).Companion);
        Assert.Null(Assert.Single(second.Current).Companion);
    }

    [Fact]
    public async Task Companions_wait_for_a_reader_that_begins_later_and_come_once()
    {
        await using var journal = await OpenAsync();
        var companion = new object();
        _ = await journal.AppendAsync("plain");
        _ = await journal.AppendAsync("accompanied", companion);
        object?[] expected = [null, companion];
        Assert.Equal(expected, (await journal.ReadAllAsync()).Select(e => e.Companion));
        object?[] none = [null, null];
        Assert.Equal(none, (await journal.ReadAllAsync()).Select(e => e.Companion));
    }

    [Fact]
    public async Task A_reader_that_is_cancelled_stops_waiting()
    {
        await using var journal = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        await using var reader = journal.ReadAsync(0, cancel.Token).GetAsyncEnumerator(cancel.Token);
        var waiting = reader.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Disposing_ends_the_readers_after_the_last_entry()
    {
        var journal = await OpenAsync();
        var texts = new List<string>();
        var reading = ReadToTheEndAsync();
        _ = await journal.AppendAsync("last");
        await journal.DisposeAsync();
        await reading;
        Assert.Equal(["last"], texts);

        async Task ReadToTheEndAsync()
        {
            await foreach (var batch in journal.ReadAsync(0, CancellationToken.None))
            {
                texts.AddRange(batch.Select(e => e.Text()));
            }
        }
    }

    [Fact]
    public async Task Appending_to_a_disposed_journal_is_a_bug()
    {
        var journal = await OpenAsync();
        await journal.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.AppendAsync("late"));
    }

    [Fact]
    public async Task The_newest_snapshot_is_read_back_byte_for_byte_after_opening_again()
    {
        var state = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i};"));
        long position;
        await using (var journal = await OpenAsync())
        {
            _ = await journal.AppendAsync("a");
            position = await journal.AppendAsync("b");
            await journal.SnapshotAsync(position, state);
            _ = await journal.AppendAsync("c");
        }

        await using var again = await OpenAsync();
        Assert.Equal((position, state), await again.ReadSnapshotAsync());
        Assert.Equal(["c"], await again.ReadTextsAsync(position));
    }

    [Fact]
    public async Task A_snapshot_carries_the_instant_that_it_was_given()
    {
        await using var journal = await OpenAsync();
        var position = await journal.AppendAsync("a");
        await journal.SnapshotAsync(position, "state");
        await using var snapshot = await journal.OpenSnapshotAsync(CancellationToken.None);
        Assert.Equal(new Instant(position), snapshot!.At);
    }

    [Fact]
    public async Task Appends_go_on_while_a_snapshot_is_written()
    {
        await using var journal = await OpenAsync();
        var position = await journal.AppendAsync("before");
        await journal.WriteSnapshotAsync(
            position,
            new Instant(position),
            async (stream, cancel) =>
            {
                await stream.WriteAsync("half"u8.ToArray(), cancel);
                _ = await journal.AppendAsync("meanwhile");
                await stream.WriteAsync("whole"u8.ToArray(), cancel);
            },
            CancellationToken.None
        );
        Assert.Equal((position, "halfwhole"), await journal.ReadSnapshotAsync());
        Assert.Equal(["meanwhile"], await journal.ReadTextsAsync(position));
    }

    [Fact]
    public async Task A_snapshot_whose_writer_fails_leaves_the_one_before()
    {
        await using var journal = await OpenAsync();
        var position = await journal.AppendAsync("a");
        await journal.SnapshotAsync(position, "good");
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            journal
                .WriteSnapshotAsync(
                    position,
                    default,
                    (_, _) => throw new InvalidOperationException(),
                    CancellationToken.None
                )
                .AsTask()
        );
        Assert.Equal((position, "good"), await journal.ReadSnapshotAsync());
    }

    [Fact]
    public async Task A_damaged_newest_snapshot_gives_way_to_the_one_before_and_more_entries()
    {
        var (first, second) = (await LiveAsync("a"), await LiveAsync("b"));
        await DamageSnapshotAsync(second);

        await using var again = await OpenAsync();

        Assert.Equal((first, "state of a"), await again.ReadSnapshotAsync());
        Assert.Equal(["b"], await again.ReadTextsAsync(first));
        Assert.True(await again.AppendAsync("c") > second);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_not_one_of_the_two_that_are_kept()
    {
        var first = await LiveAsync("a");
        await DamageSnapshotAsync(await LiveAsync("b"));
        await DamageSnapshotAsync(await LiveAsync("c"));

        await using var again = await OpenAsync();

        Assert.Equal((first, "state of a"), await again.ReadSnapshotAsync());
        Assert.Equal(["b", "c"], await again.ReadTextsAsync(first));
    }

    [Fact]
    public async Task A_damaged_snapshot_is_made_good_by_the_same_state_written_again()
    {
        _ = await LiveAsync("a");
        var second = await LiveAsync("b");
        await DamageSnapshotAsync(second);
        await using (var journal = await OpenAsync())
        {
            await journal.SnapshotAsync(second, "state of b");
        }

        await using var again = await OpenAsync();

        Assert.Equal((second, "state of b"), await again.ReadSnapshotAsync());
    }

    [Fact]
    public async Task Without_a_whole_snapshot_all_entries_are_read_while_the_first_is_there()
    {
        await DamageSnapshotAsync(await LiveAsync("a"));
        await DamageSnapshotAsync(await LiveAsync("b"));

        await using var again = await OpenAsync();

        Assert.Null(await again.ReadSnapshotAsync());
        Assert.Equal(["a", "b"], await again.ReadTextsAsync());
    }

    [Fact]
    public async Task Snapshots_and_the_entries_after_them_survive_many_rounds()
    {
        var random = new Random(7);
        var texts = new Dictionary<long, string>();
        for (var round = 0; round < 5; round++)
        {
            await using var journal = await OpenAsync();
            var snapshot = await journal.ReadSnapshotAsync();
            var position = snapshot?.Position ?? 0;
            Assert.Equal(
                texts.Where(t => t.Key > position).OrderBy(t => t.Key).Select(t => t.Value),
                await journal.ReadTextsAsync(position)
            );
            for (var i = 0; i < 20; i++)
            {
                var text = $"{round}/{i}" + new string('.', random.Next(2000));
                texts.Add(await journal.AppendAsync(text), text);
            }

            await journal.SnapshotAsync(journal.LastPosition - 5, Encoding.UTF8.GetString("s"u8));
        }
    }

    /// <summary>Opens the journal, appends, writes a snapshot there, and closes it; the position.</summary>
    private async Task<long> LiveAsync(string text)
    {
        await using var journal = await OpenAsync();
        var position = await journal.AppendAsync(text);
        await journal.SnapshotAsync(position, $"state of {text}");
        return position;
    }
}
