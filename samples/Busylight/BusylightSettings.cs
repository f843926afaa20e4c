namespace Busylight;

/// <summary>What the application has to be told.</summary>
public sealed record BusylightSettings
{
    /// <summary>Where Graph reaches this application.</summary>
    public required Uri PublicUrl { get; init; }

    /// <summary>What notifications must carry to be believed.</summary>
    public required string ClientState { get; init; }
}
