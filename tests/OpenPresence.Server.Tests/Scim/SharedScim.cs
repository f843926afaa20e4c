namespace OpenPresence.Server.Tests.Scim;

/// <summary>One server for a class whose tests each have a user of their own, or change nothing.</summary>
public sealed class SharedScim : IAsyncLifetime
{
    internal ScimUnderTest Scim { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Scim = await ScimUnderTest.StartAsync();

    public ValueTask DisposeAsync() => Scim.DisposeAsync();
}
