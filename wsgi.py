from psg import create_app

app = create_app()
