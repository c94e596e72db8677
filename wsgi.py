from psg import boot, create_app

app = create_app()
boot.check(app)
