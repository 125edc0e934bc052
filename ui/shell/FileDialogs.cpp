#include "ui/shell/FileDialogs.h"

#include <QCoreApplication>
#include <QFileDialog>

namespace limpid {

namespace {

void show(QFileDialog* dialog, FileDialogs::Answer answer)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog, [answer](const QString& path) { answer(path); });
    dialog->open(); // answers by signal: the event loop is never nested
}

QString text(const char* source) { return QCoreApplication::translate("FileDialogs", source); }

} // namespace

FileDialogs FileDialogs::standard()
{
    FileDialogs dialogs;
    dialogs.openFile = [](QWidget* parent, const QString& folder, Answer answer) {
        auto* dialog = new QFileDialog(parent, text(QT_TRANSLATE_NOOP("FileDialogs", "Open a table")), folder);
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters({text(QT_TRANSLATE_NOOP("FileDialogs", "Tables (*.csv *.tsv *.txt *.csv.gz *.tsv.gz *.gz)")),
                                text(QT_TRANSLATE_NOOP("FileDialogs", "All files (*)"))});
        show(dialog, std::move(answer));
    };
    dialogs.openFolder = [](QWidget* parent, const QString& folder, Answer answer) {
        auto* dialog =
            new QFileDialog(parent, text(QT_TRANSLATE_NOOP("FileDialogs", "Choose a workspace folder")), folder);
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        show(dialog, std::move(answer));
    };
    return dialogs;
}

} // namespace limpid
