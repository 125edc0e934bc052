#include "tests/support/TestSupport.h"
#include "ui/session/Session.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/Theme.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

using namespace limpid;

namespace {

QString penguins() { return QString::fromStdString(test::project("resources/samples/penguins.csv").string()); }

/// The window on a workspace, as app/gui builds it; dialogs answer with `chosen`.
struct Desk {
    explicit Desk(const QTemporaryDir& folder) : Desk(folder, folder.filePath("workspace")) {}
    Desk(const QTemporaryDir& folder, const QString& workspace) : theme(qApp), runner(queue), session(runner, nullptr)
    {
        WindowOptions options;
        options.device = "CPU · 2 threads";
        options.samples = {penguins()};
        options.settingsFile = folder.filePath("window.ini");
        options.dialogs.openFile = [this](QWidget*, const QString&, const FileDialogs::Answer& answer) {
            answer(chosen);
        };
        options.dialogs.openFolder = options.dialogs.openFile;
        window = std::make_unique<MainWindow>(session, theme, options);
        window->resize(1440, 900);
        window->show();
        window->activateWindow(); // shortcuts want an active window
        (void)QTest::qWaitForWindowActive(window.get());
        session.openWorkspace(workspace);
    }
    ~Desk() { window->close(); }

    template<class T>
    T* find(const char* name) const
    {
        return window->findChild<T*>(name);
    }
    QTableView* table() const { return find<QTableView>("dataTable"); }
    bool hasRows() const
    {
        return table() && table()->model()->rowCount() == 344 && !session.isOpening() && session.plan();
    }

    Theme theme;
    JobQueue queue;
    JobRunner runner;
    Session session;
    QString chosen;
    std::unique_ptr<MainWindow> window;
};

ColumnType typeOf(const Session& session, const char* column)
{
    return session.data()->table().column(*session.data()->table().find(column)).type();
}

} // namespace

class tst_main_window : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void opensTheSampleThatIsClicked()
    {
        Desk desk(*m_folder);
        QTRY_VERIFY(desk.find<QPushButton>("sample_penguins"));
        QTest::mouseClick(desk.find<QPushButton>("sample_penguins"), Qt::LeftButton);
        QTRY_VERIFY(desk.hasRows());
        QCOMPARE(desk.table()->model()->columnCount(), 8);
        QVERIFY(desk.find<QLabel>("openTitle")->text().contains("penguins"));
    }

    void opensWhatTheDialogGives()
    {
        Desk desk(*m_folder);
        desk.chosen = penguins();
        QTRY_VERIFY(desk.session.isReady());
        QTest::keyClick(desk.window.get(), Qt::Key_O, Qt::ControlModifier);
        QTRY_VERIFY(desk.hasRows());
    }

    void opensWhatIsDropped()
    {
        Desk desk(*m_folder);
        QTRY_VERIFY(desk.session.isReady());
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(penguins())});
        QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(desk.window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(desk.window.get(), &drop);
        QTRY_VERIFY(desk.hasRows());
    }

    void changesTypesAndTargetInPlace()
    {
        Desk desk(*m_folder);
        desk.window->openPath(penguins());
        QTRY_VERIFY(desk.hasRows());
        QTest::mouseClick(desk.table()->viewport(), Qt::LeftButton, Qt::NoModifier,
                          desk.table()->visualRect(desk.table()->model()->index(0, 2)).center());
        auto* type = desk.find<QComboBox>("columnType");
        QCOMPARE(type->currentData().toInt(), static_cast<int>(ColumnType::Number));
        type->setFocus();
        type->setCurrentIndex(type->findData(static_cast<int>(ColumnType::Text)));
        emit type->activated(type->currentIndex());
        QTRY_COMPARE(typeOf(desk.session, "bill_length_mm"), ColumnType::Text);
        QTRY_VERIFY(!desk.session.isOpening());
        QTest::keyClick(desk.window.get(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(typeOf(desk.session, "bill_length_mm"), ColumnType::Number);
        QTest::keyClick(desk.window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(typeOf(desk.session, "bill_length_mm"), ColumnType::Text);
        QTest::keyClick(desk.window.get(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(typeOf(desk.session, "bill_length_mm"), ColumnType::Number);

        desk.table()->setCurrentIndex(desk.table()->model()->index(0, 1));
        QTest::mouseClick(desk.find<QPushButton>("columnTarget"), Qt::LeftButton);
        QCOMPARE(desk.session.request().pipeline.target, std::string("island"));
        QVERIFY(desk.find<QLabel>("columnIsTarget")->isVisible());
        QTest::keyClick(desk.window.get(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(desk.session.request().pipeline.target != "island");
    }

    void searchFindsAColumn()
    {
        Desk desk(*m_folder);
        desk.window->openPath(penguins());
        QTRY_VERIFY(desk.hasRows());
        desk.window->showPage("models");
        QTest::keyClick(desk.window.get(), Qt::Key_K, Qt::ControlModifier);
        auto* search = desk.find<QLineEdit>("search");
        QTRY_VERIFY(search->hasFocus());
        QTest::keyClicks(search, "flipper");
        auto* list = desk.find<QListWidget>("paletteList");
        QVERIFY(list && list->isVisible());
        QCOMPARE(list->item(0)->text(), QString("flipper_length_mm"));
        QTest::keyClick(search, Qt::Key_Return);
        QCOMPARE(desk.window->currentPage(), QString("data"));
        QCOMPARE(desk.table()->currentIndex().column(), 4);
        QVERIFY(!list->isVisible());
    }

    void pagesHaveTheirKeys()
    {
        Desk desk(*m_folder);
        desk.window->openPath(penguins());
        QTRY_VERIFY(desk.hasRows());
        const QStringList keys{"data", "network", "train", "explain", "models"};
        for (int i = 0; i < keys.size(); ++i) {
            QTest::keyClick(desk.window.get(), static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
            QCOMPARE(desk.window->currentPage(), keys[i]);
            QVERIFY(desk.find<QToolButton>(qPrintable("rail_" + keys[i]))->isChecked());
        }
    }

    void thePageHasTheKeyboardAndGetsItBack()
    {
        Desk desk(*m_folder);
        desk.window->openPath(penguins());
        QTRY_VERIFY(desk.hasRows());
        const auto at = [] { return QApplication::focusWidget() ? QApplication::focusWidget()->objectName() : QString("nothing"); };
        QTest::keyClick(desk.window.get(), Qt::Key_2, Qt::ControlModifier);
        QTRY_COMPARE(at(), QString("networkView"));
        for (const Qt::Key end : {Qt::Key_Escape, Qt::Key_Return}) {
            QTest::keyClick(desk.window.get(), Qt::Key_K, Qt::ControlModifier);
            QCOMPARE(at(), QString("search"));
            QTest::keyClicks(QApplication::focusWidget(), "switch between light");
            QTest::keyClick(QApplication::focusWidget(), end);
            QCOMPARE(at(), QString("networkView"));
        }
        QVERIFY(desk.theme.isDark()); // the second time it was done
        QTest::keyClick(desk.window.get(), Qt::Key_5, Qt::ControlModifier);
        QCOMPARE(at(), QString("page_models"));
    }

    void noticesAreShownAndDismissed()
    {
        Desk desk(*m_folder);
        QTRY_VERIFY(desk.session.isReady());
        desk.window->openPath(m_folder->filePath("none.csv"));
        auto* bar = desk.find<QWidget>("noticeBar");
        QTRY_VERIFY(bar->isVisible());
        QVERIFY(desk.find<QLabel>("noticeText")->text().contains("none.csv"));
        QTest::mouseClick(desk.find<QToolButton>("noticeClose"), Qt::LeftButton);
        QVERIFY(!bar->isVisible());
    }

    void aWorkspaceThatCannotBeOpenedHasAWayOut()
    {
        const auto file = test::write(*m_folder, "a-file", "not a folder");
        Desk desk(*m_folder, QString::fromStdString(file.string()));
        auto* page = desk.find<QWidget>("noWorkspace");
        QTRY_VERIFY(page->isVisible());
        desk.chosen = m_folder->filePath("another");
        QTest::mouseClick(page->findChild<QPushButton*>(), Qt::LeftButton);
        QTRY_VERIFY(desk.session.isReady());
        QTRY_VERIFY(desk.find<QPushButton>("emptyOpen") && desk.find<QPushButton>("emptyOpen")->isVisible());
    }

    void isAsItWasLeftAfterARestart()
    {
        {
            Desk desk(*m_folder);
            desk.window->openPath(penguins());
            QTRY_VERIFY(desk.hasRows());
            desk.session.setTarget("island");
            QTest::mouseClick(desk.find<QToolButton>("themeToggle"), Qt::LeftButton);
            QVERIFY(desk.theme.isDark());
            desk.window->showPage("models");
            desk.window->resize(1100, 720);
        }
        Desk desk(*m_folder);
        QVERIFY(desk.theme.isDark());
        QTRY_VERIFY(desk.session.data() && desk.session.plan());
        QCOMPARE(desk.window->currentPage(), QString("models"));
        QCOMPARE(desk.session.request().pipeline.target, std::string("island"));
        QCOMPARE(desk.session.filePath(), penguins());
        desk.window->showPage("data");
        QVERIFY(desk.hasRows());
    }

    void closingEndsARunWithinTwoSeconds()
    {
        std::int64_t run = 0;
        {
            Desk desk(*m_folder);
            desk.window->openPath(penguins());
            QTRY_VERIFY(desk.hasRows());
            TrainRequest request = desk.session.request();
            request.train.epochs = 100000;
            request.train.patience = 0;
            desk.session.setRequest(request, "long");
            QTRY_VERIFY(desk.session.plan());
            desk.window->showPage("train");
            desk.session.startTraining();
            QTRY_VERIFY_WITH_TIMEOUT(desk.session.liveRun()->epochs.size() > 2 && desk.session.liveRun()->id > 0, 30000);
            QTRY_VERIFY(desk.find<QPushButton>("jobStop")->isVisible());
            run = desk.session.liveRun()->id;
            m_closing.start();
            desk.window->close();
        } // and the workers' end
        QVERIFY2(m_closing.elapsed() < 2000, qPrintable(QString("closing took %1 ms").arg(m_closing.elapsed())));
        const Workspace workspace(m_folder->filePath("workspace").toStdString());
        const RunRecord record = workspace.run(run);
        QCOMPARE(record.status, RunStatus::Stopped);
        QVERIFY(record.epochs > 0);
        QVERIFY(workspace.checkpoint(run).has_value());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QElapsedTimer m_closing;
};

QTEST_MAIN(tst_main_window)
#include "tst_main_window.moc"
