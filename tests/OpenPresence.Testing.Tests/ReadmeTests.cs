using System.Text.RegularExpressions;

namespace OpenPresence.Testing.Tests;

/// <summary>What the package's README shows is what <see cref="ReadmeExamples"/> compiles and runs.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_block_of_the_README_is_compiled_and_run_in_its_order()
    {
        var root = Root();
        var readme = File.ReadAllText(Path.Combine(root, "src/OpenPresence.Testing/README.md"));
        var code = File.ReadAllText(Path.Combine(root, "tests/OpenPresence.Testing.Tests/ReadmeExamples.cs"));
        var shown = Block().Matches(readme).Select(block => block.Groups["code"].Value).ToArray();
        var run = Region().Matches(code).Select(region => Outdent(region.Groups["code"].Value));
        Assert.NotEmpty(shown);
        Assert.Equal(shown, run);
    }

    [Fact]
    public void What_is_public_is_meant_to_be()
    {
        var types = typeof(PresenceServer)
            .Assembly.GetExportedTypes()
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "NotificationFault",
                "PresenceClock",
                "PresencePerson",
                "PresenceServer",
                "PresenceServerOptions",
                "RequestFault",
                "SeenDelivery",
                "SeenLog`1",
                "SeenRequest",
                "SetFault",
                "ShownPresence",
            ],
            types
        );
        // Nothing of it shows a type of the server, which projects that use the package cannot name.
        var strangers =
            from type in typeof(PresenceServer).Assembly.GetExportedTypes()
            from member in type.GetMembers()
            from shown in TypesOf(member)
            let assembly = shown.Assembly.GetName().Name!
            where assembly is "OpenPresence.Server" or "OpenPresence.Engine"
            select $"{type.Name}.{member.Name} shows {shown}";
        Assert.Empty(strangers);
    }

    private static IEnumerable<Type> TypesOf(System.Reflection.MemberInfo member) =>
        member switch
        {
            System.Reflection.MethodInfo method =>
            [
                method.ReturnType,
                .. method.ReturnType.GetGenericArguments(),
                .. method.GetParameters().Select(parameter => parameter.ParameterType),
            ],
            System.Reflection.PropertyInfo property =>
            [
                property.PropertyType,
                .. property.PropertyType.GetGenericArguments(),
            ],
            System.Reflection.ConstructorInfo made =>
            [
                .. made.GetParameters().Select(parameter => parameter.ParameterType),
            ],
            _ => [],
        };

    private static string Outdent(string code)
    {
        var lines = code.Split('\n');
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[indent..]));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OpenPresence.slnx")))
        {
            folder = folder.Parent!;
        }
        return folder.FullName;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    // From one mark to the next comment that begins another region, or to the end of the method.
    [GeneratedRegex(
        @"^ +// README\n(?<code>.*?)(?=^ +// (?:README|\()|^    \}$)",
        RegexOptions.Singleline | RegexOptions.Multiline
    )]
    private static partial Regex Region();
}
