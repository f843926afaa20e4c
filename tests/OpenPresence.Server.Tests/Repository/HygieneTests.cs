using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>Nothing of one machine in the project, and the same packages for everybody.</summary>
public sealed partial class HygieneTests
{
    [Fact]
    public void No_file_names_a_folder_of_one_machine_or_the_host_of_a_package_registry()
    {
        var traces =
            from path in ProjectFiles.All
            where !IsBinary(path)
            from line in ProjectFiles.Lines(path).Select((text, index) => (text, index))
            where MachinePath().IsMatch(line.text) || RegistryHost().IsMatch(line.text)
            select $"{path}:{line.index + 1}";
        Assert.Empty(traces);
    }

    [Fact]
    public void Every_package_version_is_exact_and_stands_in_one_place()
    {
        var loose =
            from path in ProjectFiles.All
            where path.EndsWith("Directory.Packages.props", StringComparison.Ordinal)
            from item in XDocument.Parse(ProjectFiles.Read(path)).Descendants("PackageVersion")
            where !ExactVersion().IsMatch((string?)item.Attribute("Version") ?? "")
            select $"{path}: {(string?)item.Attribute("Include")}";
        var scattered =
            from path in ProjectFiles.All
            where Path.GetExtension(path) is ".csproj" or ".props" or ".targets"
            from item in XDocument.Parse(ProjectFiles.Read(path)).Descendants("PackageReference")
            from version in new[] { "Version", "VersionOverride" }
            where item.Attribute(version) is not null || item.Element(version) is not null
            select $"{path}: {(string?)item.Attribute("Include")}";
        Assert.Empty(loose);
        Assert.Empty(scattered);
    }

    [Fact]
    public void Every_tool_is_exact()
    {
        using var tools = JsonDocument.Parse(ProjectFiles.Read(".config/dotnet-tools.json"));
        Assert.All(
            tools.RootElement.GetProperty("tools").EnumerateObject(),
            tool =>
            {
                Assert.Matches(ExactVersion(), tool.Value.GetProperty("version").GetString());
                Assert.False(tool.Value.GetProperty("rollForward").GetBoolean());
            }
        );
    }

    [Fact]
    public void Every_npm_package_is_exact_and_locked_without_download_addresses()
    {
        var packages = ProjectFiles.All.Where(path => Path.GetFileName(path) == "package.json").ToArray();
        Assert.NotEmpty(packages);
        foreach (var path in packages)
        {
            using var package = JsonDocument.Parse(ProjectFiles.Read(path));
            foreach (var section in new[] { "dependencies", "devDependencies", "optionalDependencies", "overrides" })
            {
                if (package.RootElement.TryGetProperty(section, out var entries))
                {
                    Assert.All(
                        entries.EnumerateObject(),
                        entry => Assert.Matches(ExactVersion(), entry.Value.GetString())
                    );
                }
            }

            var locked = ProjectFiles.Read(path.Replace("package.json", "package-lock.json"));
            Assert.DoesNotContain("\"resolved\"", locked, StringComparison.Ordinal);
        }
    }

    private static bool IsBinary(string path) =>
        Path.GetExtension(path) is ".png" or ".jpg" or ".ico" or ".pfx" or ".bin";

    // Written so that the pattern does not match itself.
    [GeneratedRegex(@"(?<![\w.~-])/(?:home|root|Users|work|farm|mnt)/[A-Za-z.]")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"registry\.(?:npmjs|yarnpkg)|api\.nuget|deb\.debian", RegexOptions.IgnoreCase)]
    private static partial Regex RegistryHost();

    [GeneratedRegex(@"^\d+\.\d+\.\d+(?:-[\w.]+)?$")]
    private static partial Regex ExactVersion();
}
