#pragma once

#include <QStringList>
#include <QWidget>

#include <memory>

namespace limpid {

class Session;
class Theme;

/// The file that is open: its rows at the left, the chosen column at the right (below, where the window is narrow).
class DataPage : public QWidget
{
    Q_OBJECT
public:
    DataPage(Session& session, const Theme& theme, QWidget* parent = nullptr);
    ~DataPage() override;

    /// Files that the empty page offers to try.
    void setSamples(const QStringList& paths);
    /// Chooses the column and brings it into view.
    void showColumn(const QString& column);

signals:
    void openRequested(); ///< the user wants to choose a file

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace limpid
