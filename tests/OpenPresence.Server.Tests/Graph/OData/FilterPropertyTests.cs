using System.Text;
using OpenPresence.Server.Graph.OData;

namespace OpenPresence.Server.Tests.Graph.OData;

/// <summary>
/// Random filters, written as text and answered by a plain function beside it: reading the text must give the same
/// answers. And random noise: it is read or refused, nothing else.
/// </summary>
public sealed class FilterPropertyTests
{
    private const int Filters = 3_000;

    private static readonly string?[] Texts = [null, "", "Ada", "ada b", "O'Brien", "Bob", "Ö"];

    private static readonly Row[] Rows =
    [
        .. from name in Texts
        from nick in new[] { null, "ada b", "Bob" }
        from active in new[] { true, false }
        select new Row(name, nick, "O'Brien", active),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(20260827)]
    public void A_filter_that_is_written_down_answers_as_it_was_meant(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Filters; i++)
        {
            var (text, meant) = Any(random, depth: 0);
            var refusal = FilterReader.Read(text, Row.Schema, out var read, out _);
            Assert.True(refusal is null, $"seed {seed}: {text}: {refusal?.Arguments[0]}");
            Assert.All(Rows, row => Assert.True(meant(row) == read.Matches(row), $"seed {seed}: {text}: {row}"));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20260828)]
    public void Noise_is_read_or_refused_and_never_throws(int seed)
    {
        string[] parts =
        [
            "name",
            "nick",
            "eq",
            "ne",
            "in",
            "and",
            "or",
            "not",
            "startswith",
            "endswith",
            "(",
            ")",
            ",",
            "'a'",
            "'",
            "''",
            "null",
            "true",
            " ",
            "\\",
            "/",
            "\0",
            "é",
            "\"",
            ":",
            "any",
        ];
        var random = new Random(seed);
        for (var i = 0; i < Filters; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(30); length > 0; length--)
            {
                text.Append(parts[random.Next(parts.Length)]);
                text.Append(random.Next(2) == 0 ? " " : "");
            }
            var filter = text.ToString();
            var byFilter = FilterReader.Read(filter, Row.Schema, out var read, out _);
            Assert.True(byFilter is null || byFilter.Target == "$filter", $"seed {seed}: {filter}");
            if (byFilter is null)
            {
                Assert.All(Rows, row => read.Matches(row));
            }
            SearchReader.Read(filter, Row.Schema, new HashSet<string>(), out _);
        }
    }

    private static (string Text, Func<Row, bool> Meant) Any(Random random, int depth)
    {
        switch (depth < 4 ? random.Next(6) : random.Next(3))
        {
            case 0 or 1 or 2:
                return Test(random);
            case 3:
                var inner = Any(random, depth + 1);
                return ($"not ({inner.Text})", row => !inner.Meant(row));
            default:
                var (left, right) = (Any(random, depth + 1), Any(random, depth + 1));
                return random.Next(2) == 0
                    ? ($"({left.Text}) and ({right.Text})", row => left.Meant(row) && right.Meant(row))
                    : ($"({left.Text}) or ({right.Text})", row => left.Meant(row) || right.Meant(row));
        }
    }

    private static (string Text, Func<Row, bool> Meant) Test(Random random)
    {
        var (name, of) =
            random.Next(2) == 0 ? ("name", (Func<Row, string?>)(row => row.Name)) : ("nick", row => row.Nick);
        var value = Texts[random.Next(Texts.Length)];
        var other = Texts[random.Next(1, Texts.Length)]!;
        var quoted = value is null ? "null" : Quoted(value);
        const StringComparison fold = StringComparison.OrdinalIgnoreCase;
        return random.Next(5) switch
        {
            0 => ($"{name} eq {quoted}", row => string.Equals(of(row), value, fold)),
            1 => ($"{name} ne {quoted}", row => !string.Equals(of(row), value, fold)),
            2 => (
                $"{name} in ({quoted}, {Quoted(other)})",
                row => string.Equals(of(row), value, fold) || string.Equals(of(row), other, fold)
            ),
            3 => ($"startswith({name},{Quoted(other)})", row => of(row)?.StartsWith(other, fold) ?? false),
            _ => ($"endswith({name}, {Quoted(other)})", row => of(row)?.EndsWith(other, fold) ?? false),
        };
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
