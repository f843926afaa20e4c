using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>A file is an idea; when it outgrows these limits it holds two.</summary>
public sealed partial class SizeTests
{
    private const int SourceLinesMax = 400;
    private const int TestLinesMax = 600;
    private const int SourceLinesMedian = 80;
    private const int SourceLinesNinetyPercent = 200;
    private const int ColumnsMax = 120;
    private const int CommentColumnsMax = 140;

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
    /// The formatter keeps code within the page, but leaves what it cannot break: raw text, a literal at the end
    /// of its line, a URL, the sentence that names a test, and the tables that are marked for it. A comment
    /// may go over a little.
    /// </summary>
    [Fact]
    public void No_line_of_code_is_wider_than_the_page()
    {
        var wide =
            from path in ProjectFiles.All
            where path.EndsWith(".cs", StringComparison.Ordinal)
            from line in Breakable(ProjectFiles.Lines(path))
            where line.Text.Length > ColumnsAllowed(line.Text.TrimStart())
            select $"{path}:{line.Number} has {line.Text.Length} columns";
        Assert.Empty(wide);
    }

    /// <summary>The lines outside of marked tables and raw text.</summary>
    private static IEnumerable<(string Text, int Number)> Breakable(string[] lines)
    {
        var (inTable, inText) = (false, false);
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index];
            inTable |= line.Contains("csharpier-ignore-start", StringComparison.Ordinal);
            inTable &= !line.Contains("csharpier-ignore-end", StringComparison.Ordinal);
            inText ^= RawQuote().Count(line) % 2 == 1;
            if (!inTable && !inText)
            {
                yield return (line, index + 1);
            }
        }
    }

    private static int ColumnsAllowed(string text) =>
        text.Contains("// ", StringComparison.Ordinal) ? CommentColumnsMax
        : text.Contains("://", StringComparison.Ordinal) || Unbreakable().IsMatch(text) ? int.MaxValue
        : ColumnsMax;

    private static IEnumerable<string> LongerThan(int limit, string folder) =>
        from path in ProjectFiles.Under(folder, ".cs")
        let length = ProjectFiles.Lines(path).Length
        where length > limit
        select $"{path} has {length} lines";

    /// <summary>Blank lines do not count: they make nothing longer to read.</summary>
    private static int LengthAt(double share)
    {
        var lengths = ProjectFiles
            .Under("src", ".cs")
            .Select(path => ProjectFiles.Lines(path).Count(line => line.Trim().Length > 0))
            .Order()
            .ToArray();
        return lengths[(int)(share * (lengths.Length - 1))];
    }

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawQuote();

    [GeneratedRegex(@"^(?:(?:yield )?return |=> |\+ )?[$@]*"".*""[,;)]*$|^public [\w ]+\(\)?$")]
    private static partial Regex Unbreakable();
}
