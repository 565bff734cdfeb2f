"""`python -m bench` runs every bench."""

from bench import encoder, pages, speed

if __name__ == "__main__":
    speed.main()
    encoder.main()
    pages.main()
