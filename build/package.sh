#!/bin/sh
# Packs OpenPresence.Testing and uses it as somebody else would: in a project outside of this repository, from a folder of
# packages beside the usual feed. Says what went wrong, or nothing.
set -eu
cd "$(dirname "$0")/.."

packages=$PWD/artifacts/packages
rm -f "$packages"/OpenPresence.Testing.*.nupkg
build/dotnet.sh pack src/OpenPresence.Testing/OpenPresence.Testing.csproj -c Release -o "$packages"
package=$(echo "$packages"/OpenPresence.Testing.*.nupkg)
version=$(basename "$package" .nupkg | sed 's/^OpenPresence\.Testing\.//')

outside=$(mktemp -d)
trap 'rm -rf "$outside"' EXIT
cat >"$outside/Outside.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RestoreAdditionalProjectSources>$packages</RestoreAdditionalProjectSources>
    <RestorePackagesPath>$outside/packages</RestorePackagesPath>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="OpenPresence.Testing" Version="$version" />
  </ItemGroup>
</Project>
END
cat >"$outside/Program.cs" <<'END'
using OpenPresence.Testing;

await using var presence = await PresenceServer.StartAsync();
var mara = await presence.AddPersonAsync("Mara Lindqvist");
await mara.ShowAsync("Busy", "InACall", TimeSpan.FromMinutes(30));
using var graph = presence.CreateClient(mara, "Presence.Read");
var answer = await graph.GetStringAsync("me/presence");
await presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(30));
Console.WriteLine(answer.Contains("InACall") ? $"InACall, then {mara.Shows}" : answer);
#if STRANGER
_ = typeof(OpenPresence.Server.ServerOptions);
#endif
END
build/dotnet.sh build "$outside/Outside.csproj" -o "$outside/built"
said=$(timeout 60 dotnet "$outside/built/Outside.dll")
[ "$said" = 'InACall, then Offline/Offline' ] || {
  echo "the package's server said: $said" >&2
  exit 1
}
# What the package does not promise must not be there to be used.
if build/dotnet.sh build "$outside/Outside.csproj" --no-restore -p:DefineConstants=STRANGER \
  -o "$outside/stranger" 2>"$outside/errors"; then
  echo 'types of the server can be used through the package' >&2
  exit 1
fi
grep -q CS0234 "$outside/errors" || {
  cat "$outside/errors" >&2
  exit 1
}
