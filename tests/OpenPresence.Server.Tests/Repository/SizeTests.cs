using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>A file is an idea; when it outgrows these limits it holds two.</summary>
public sealed partial class SizeTests
{
    private const int SourceLinesMax = 400;
    private const int TestLinesMax = 600;
    private const int SourceLinesMedian = 80;
    private const int SourceLinesNinetyPercent = 200;
    private const int ColumnsMax = 100;
    private const int CommentColumnsMax = 130;

    [Fact]
    public void No_source_file_is_longer_than_its_limit()
    {
        Assert.Empty(LongerThan(SourceLinesMax, "src").Concat(LongerThan(SourceLinesMax, "bench")));
    }

    [Fact]
    public void No_test_file_is_longer_than_its_limit()
    {
        Assert.Empty(LongerThan(TestLinesMax, "tests"));
    }

    [Fact]
    public void The_median_source_file_fits_a_screen_and_a_half()
    {
        Assert.InRange(LengthAt(0.5), 0, SourceLinesMedian);
    }

    [Fact]
    public void Nine_in_ten_source_files_are_short()
    {
        Assert.InRange(LengthAt(0.9), 0, SourceLinesNinetyPercent);
    }

    /// <summary>
    /// The formatter keeps code within the page, but leaves a long literal, a comment and the tables that
    /// are marked for it as they are: a literal at the end of its line, a URL and a table's row may go over,
    /// a comment a little.
    /// </summary>
    [Fact]
    public void No_line_of_code_is_wider_than_the_page()
    {
        var wide =
            from path in ProjectFiles.All
            where path.EndsWith(".cs", StringComparison.Ordinal)
            from line in OutsideOfTables(ProjectFiles.Lines(path))
            where line.Text.Length > ColumnsAllowed(line.Text.TrimStart())
            select $"{path}:{line.Number} has {line.Text.Length} columns";
        Assert.Empty(wide);
    }

    private static IEnumerable<(string Text, int Number)> OutsideOfTables(string[] lines)
    {
        var inTable = false;
        for (var index = 0; index < lines.Length; index++)
        {
            inTable |= lines[index].Contains("csharpier-ignore-start", StringComparison.Ordinal);
            inTable &= !lines[index].Contains("csharpier-ignore-end", StringComparison.Ordinal);
            if (!inTable)
            {
                yield return (lines[index], index + 1);
            }
        }
    }

    private static int ColumnsAllowed(string text) =>
        text.StartsWith("//", StringComparison.Ordinal) ? CommentColumnsMax
        : text.Contains("https://", StringComparison.Ordinal) || OneLiteral().IsMatch(text)
            ? int.MaxValue
        : ColumnsMax;

    private static IEnumerable<string> LongerThan(int limit, string folder) =>
        from path in ProjectFiles.Under(folder, ".cs")
        let length = ProjectFiles.Lines(path).Length
        where length > limit
        select $"{path} has {length} lines";

    private static int LengthAt(double share)
    {
        var lengths = ProjectFiles
            .Under("src", ".cs")
            .Select(path => ProjectFiles.Lines(path).Length)
            .Order()
            .ToArray();
        return lengths[(int)(share * (lengths.Length - 1))];
    }

    [GeneratedRegex(@"^(?:(?:yield )?return |=> |\+ )?[$@]*"".*""[,;)]*$")]
    private static partial Regex OneLiteral();
}
