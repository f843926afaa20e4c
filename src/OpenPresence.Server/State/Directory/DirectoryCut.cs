using System.Collections.Immutable;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// The directory at one position of the journal, exact whatever is applied afterwards; written at leisure on
/// another thread. Two directories that saw the same changes write the same bytes: tenants and applications by
/// id, then for each tenant its people by name.
/// </summary>
public sealed class DirectoryCut
{
    private readonly ImmutableDictionary<Guid, Tenant> _tenants;
    private readonly ImmutableDictionary<Guid, Application> _applications;
    private readonly PeopleCut _people;

    internal DirectoryCut(
        ImmutableDictionary<Guid, Tenant> tenants,
        ImmutableDictionary<Guid, Application> applications,
        PeopleCut people
    )
    {
        _tenants = tenants;
        _applications = applications;
        _people = people;
    }

    /// <summary>Writes the cut; the stream stays open and may go on with something else.</summary>
    public void WriteTo(Stream output)
    {
        var frames = new FrameWriter(output);
        foreach (var tenant in _tenants.Values.OrderBy(tenant => tenant.Id))
        {
            DirectoryCodec.WriteTenant(frames.Values, tenant);
            frames.FlushIfFull();
        }

        frames.End();
        frames = new FrameWriter(output);
        foreach (var application in _applications.Values.OrderBy(a => a.ClientId))
        {
            DirectoryCodec.WriteApplication(frames.Values, application);
            frames.FlushIfFull();
        }

        frames.End();
        _people.WriteTo(output);
    }
}
