namespace Busylight;

/// <summary>What the lamp can show.</summary>
public enum Light
{
    Off,
    Green,
    Yellow,
    Red,
}

/// <summary>A lamp on the desk.</summary>
public interface ILamp
{
    void Show(Light light);
}

/// <summary>For those who have none.</summary>
public sealed class ConsoleLamp : ILamp
{
    public void Show(Light light) => Console.WriteLine(light);
}
