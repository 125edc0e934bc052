#pragma once

#include <QFrame>

#include <string>
#include <vector>

class QMenu;
class QPushButton;

namespace limpid {

class CanvasLegend;
class NetworkView;
class Theme;

/// The canvas in its frame, with its few buttons over the top right corner: Tidy, Fit, the zoom, File, a menu of all that can be
/// done, and Preset.
class CanvasFrame : public QFrame
{
    Q_OBJECT
public:
    CanvasFrame(NetworkView& view, const Theme& theme, QWidget* parent = nullptr);

    /// The blocks one is in, the outermost first: a trail above the canvas, "Network › residual".
    void setPath(const std::vector<std::string>& blocks);
    /// Of the button "File": whoever knows files fills it when it is about to show.
    QMenu& fileMenu() { return *m_fileMenu; }

    CanvasLegend& legend() const { return *m_legend; }

signals:
    /// Back to that many blocks deep: 0 is the network.
    void levelChosen(int level);
    void presetChosen(const std::string& preset);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildButtons();
    void place();
    void restyle();
    NetworkView& m_view;
    const Theme& m_theme;
    QPushButton* m_zoom = nullptr;
    QMenu* m_fileMenu = nullptr;
    QWidget* m_buttons = nullptr;
    QWidget* m_trail = nullptr;
    CanvasLegend* m_legend = nullptr;
    std::vector<std::string> m_path;
};

} // namespace limpid
