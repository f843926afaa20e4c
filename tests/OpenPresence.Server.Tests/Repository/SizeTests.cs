namespace OpenPresence.Server.Tests.Repository;

/// <summary>A file is an idea; when it outgrows these limits it holds two.</summary>
public sealed class SizeTests
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
    /// The formatter keeps code within the page, but leaves a long literal and a comment as they are: a
    /// literal that stands alone and a URL may go over, a comment a little.
    /// </summary>
    [Fact]
    public void No_line_of_code_is_wider_than_the_page()
    {
        var wide =
            from path in ProjectFiles.All
            where path.EndsWith(".cs", StringComparison.Ordinal)
            from line in ProjectFiles.Lines(path).Select((text, index) => (text, index))
            where line.text.Length > ColumnsAllowed(line.text.TrimStart())
            select $"{path}:{line.index + 1} has {line.text.Length} columns";
        Assert.Empty(wide);
    }

    private static int ColumnsAllowed(string text) =>
        text switch
        {
            _ when text.Contains("https://", StringComparison.Ordinal) => int.MaxValue,
            ['"', ..] or ['@', '"', ..] or ['$', '"', ..] => int.MaxValue,
            ['/', '/', ..] => CommentColumnsMax,
            _ => ColumnsMax,
        };

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
}
