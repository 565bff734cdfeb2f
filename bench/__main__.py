"""`python -m bench` runs every bench."""

from bench import encoder, speed

if __name__ == "__main__":
    speed.main()
    encoder.main()
