using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>
/// Who follows docs/walk.md finds each of its steps where it says: as a comment in a file that the step names, or
/// that the beginning of its section names, and below the step that comes before it in that file.
/// </summary>
public sealed partial class WalkTests
{
    private static readonly IReadOnlyList<Step> Steps = [.. Read(ProjectFiles.Lines("docs/walk.md"))];

    /// <summary>A step, the files that the walk has named for it, and where its comment stands.</summary>
    private sealed record Step(int Number, string What, IReadOnlyList<string> Files)
    {
        public (string Path, int Line)[] Places =>
            [
                .. from path in ProjectFiles.Under("src", ".cs")
                from line in ProjectFiles.Lines(path).Index()
                where line.Item.TrimStart().StartsWith($"// {Number}. {What}", StringComparison.Ordinal)
                select (path, line.Index),
            ];
    }

    public static TheoryData<int> Numbers => [.. Steps.Select(step => step.Number)];

    [Fact]
    public void The_steps_are_counted_from_one_and_none_is_left_out()
    {
        Assert.Equal(Enumerable.Range(1, Steps.Count), Steps.Select(step => step.Number));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_step_stands_once_and_in_a_file_that_the_walk_names(int number)
    {
        var step = Steps.Single(one => one.Number == number);
        var place = Assert.Single(step.Places);
        Assert.Contains(place.Path, step.Files);
    }

    [Fact]
    public void In_each_file_the_steps_stand_in_their_order()
    {
        var files = Steps.SelectMany(step => step.Places).GroupBy(place => place.Path);
        Assert.All(files, places => Assert.Equal(places.Order(), places));
    }

    private static IEnumerable<Step> Read(string[] lines)
    {
        List<string> ofSection = [];
        Step? step = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                ofSection = [];
            }
            var opening = Opening().Match(line);
            // A step goes on in lines that are indented.
            if (step is not null && !line.StartsWith("  ", StringComparison.Ordinal))
            {
                yield return step;
                step = null;
            }
            if (opening.Success)
            {
                var number = int.Parse(opening.Groups["number"].Value, CultureInfo.InvariantCulture);
                step = new Step(number, opening.Groups["what"].Value, [.. ofSection]);
            }
            var named = Link().Matches(line).Select(link => link.Groups["path"].Value);
            if (step is null)
            {
                ofSection.AddRange(named);
            }
            else
            {
                step = step with { Files = [.. step.Files, .. named] };
            }
        }
    }

    [GeneratedRegex(@"^(?<number>\d+)\. \*\*(?<what>.+?)\*\*")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\]\(\.\./(?<path>[^)\s]+)\)")]
    private static partial Regex Link();
}
